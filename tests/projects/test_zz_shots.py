import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
from datetime import date
from playwright.sync_api import sync_playwright
from tests.projects.life import *
from tests import stage
from django.conf import settings
from projects import actions

def test_shots(transactional_db, live_server):
    from tests import cast as casting
    cast = casting.build()
    mika = cast.actor(cast.mika)
    words = dict(title="Lunar Polar Volatiles Surveyor", summary="Measure how much water ice and other volatiles lie in the top metre of permanently shadowed ground near the lunar south pole.", objective="JAXA leads, lands and operates. ESA drills and analyses.\n\n- Each bears its own cost\n- no funds are exchanged", destination="moon", taxonomy=["TX04","TX07","TX08"], planned_start=date(2027,1,15), planned_end=date(2030,3,31))
    a = accepted(cast, **words)
    actions.assign_team(a, [cast.actor(cast.sora).membership, mika.membership], actor=mika)
    stage.with_register(cast, a)
    stage.actions.share(stage.drafted_agreement(cast, project=a), actor=mika)
    p = proposed(cast, title="Seasonal Ice Altimetry")
    actions.invite_partner(p, cast.isro, actor=mika)
    answered(cast, p, cast.tara, "condition", condition="Subject to the availability of funds in 2028.")
    r = accepted(cast, title="Asteroid Sample Curation Standard")
    actions.revise_terms(r, actor=mika, objective="Other objective", planned_end=date(2031,1,1))
    d = drafted(cast, title="Joint laser ranging campaign", objective="")
    s = actions.suspend(actions.activate(accepted(cast, title="Study of dust", mode="study"), actor=mika), actor=mika, cause="Funding decision of DLR")
    o = proposed(cast, title="Open call", audience="public")
    with sync_playwright() as pw:
        b = pw.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox","--disable-quic","--disable-background-networking"])
        def ctx(person, **k):
            c = b.new_context(**k)
            if person:
                cl = cast.client(person)
                ck = cl.cookies[settings.SESSION_COOKIE_NAME]
                c.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": ck.value, "url": live_server.url}])
            return c
        def shot(page, path, name):
            errs = []
            page.on("console", lambda m: errs.append(m.text) if m.type=="error" else None)
            page.goto(live_server.url+path, wait_until="load")
            page.wait_for_timeout(200)
            page.screenshot(path=f"/tmp/pj/{name}.png", full_page=True)
            w = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            print(name, "overflow", w, errs[:3])
        c = ctx(cast.mika, viewport={"width":1280,"height":800}); pg = c.new_page()
        for path, name in [(f"/projects/{a.ref}/","overview"),(f"/projects/{p.ref}/partners/","partners"),(f"/projects/{a.ref}/history/","history"),("/projects/","list"),("/projects/new/","new"),(f"/projects/{p.ref}/invite/","invite"),(f"/projects/{d.ref}/","draft"),(f"/projects/{d.ref}/propose/","propose"),(f"/projects/{s.ref}/","suspended"),(f"/projects/{p.ref}/team/","team"),(f"/projects/{p.ref}/revise/","revise"), ("/inbox/","home")]:
            shot(pg, path, name)
        pg.goto(live_server.url+f"/projects/{p.ref}/"); pg.click(".record-actions summary"); pg.screenshot(path="/tmp/pj/menu.png")
        pg.goto(live_server.url+f"/projects/{d.ref}/invite/"); pg.type("#id_agency", "space"); pg.wait_for_timeout(900); pg.screenshot(path="/tmp/pj/suggest.png", full_page=True)
        c2 = ctx(cast.lucien, viewport={"width":1280,"height":800}); pg2 = c2.new_page()
        shot(pg2, f"/projects/{r.ref}/answer/", "answer")
        c3 = ctx(cast.mika, viewport={"width":390,"height":800}); pg3 = c3.new_page()
        for path, name in [(f"/projects/{a.ref}/","m-overview"),(f"/projects/{p.ref}/partners/","m-partners"),("/projects/","m-list"),("/projects/new/","m-new"),(f"/projects/{r.ref}/answer/","m-answer"),(f"/projects/{a.ref}/history/","m-history")]:
            shot(pg3, path, name)
        c4 = ctx(None, viewport={"width":1280,"height":800}); pg4=c4.new_page(); shot(pg4, f"/projects/{o.ref}/", "public")
        c5 = ctx(cast.mika, viewport={"width":1280,"height":800}, color_scheme="dark"); pg5=c5.new_page(); shot(pg5, f"/projects/{a.ref}/", "dark")
        b.close()
