import time, logging, os, sys
from tests.authorization import walk, world as W
from tests.authorization.table import Row
from django.db import transaction
ONLY=os.environ.get("ONLY","").split()
WANT={"projects":{"secret","draft","open","public","secret and ESA","open and ESA"},"ip":{"asset","asset of ESA"},"assets":{"asset","asset of ESA"},"agreements":{"signing agreement","open agreement","declined agreement","drafted agreement","clause of the open agreement","clause of the signing agreement"},
 "threads":{"project thread","agency thread","inner thread","shared message","internal message"},"messages":{"shared message itself","internal message itself"},"inbox":{"item"},"events":{"event"},"participations":{"part of ESA"},"ledger":{"entry"},
 "agencies":{"JAXA","NOVA","JAXA and invitation","JAXA and mandate","JAXA and membership","JAXA and token","link of the invitation"},"memberships":{"membership"},"invitations":{"invitation"},"mandates":{"mandate"},"tokens":{"token"}}
def test_x(django_db_setup, django_db_blocker):
    logging.disable(logging.ERROR)
    with django_db_blocker.unblock(), transaction.atomic():
        t=time.time(); w=W.build(); print("build",time.time()-t)
        t=time.time(); n=0
        for name,route,p in walk.addresses():
            if name.startswith(("admin:","account","mfa","social")) : continue
            if ONLY and not name.startswith(tuple(ONLY)): continue
            kw=list(p.pattern.converters) or list(p.pattern.regex.groupindex)
            pre=route.split("/")
            key=pre[0] if pre[0]!="api" else pre[2].lstrip("^")
            cands=[k for k,v in w.objects.items() if set(v)==set(kw) and k in WANT.get(key,())] if kw else [""]
            if not cands: print("NOCAND",name,kw); continue
            for of in cands:
                row=Row(name,of)
                try: a=walk.address_of(row,w)
                except Exception as e: print("ERR",name,of,e); continue
                api=a.startswith("/api/")
                meth=("GET","POST")
                if api:
                    act=getattr(p.callback,"actions",None)
                    meth=[m.upper() for m in act] if act else [m.upper() for m in ("get","post","patch","put","delete") if hasattr(p.callback.cls,m)] if hasattr(p.callback,"cls") else ["GET"]
                    meth=[m for m in meth if m in walk.METHODS]
                for m in meth:
                    cells=[];notes=[]
                    for person in W.PEOPLE:
                        t1=time.time()
                        ans=walk.ask(w,person,m,a); n+=1
                        if time.time()-t1>.15: notes.append(f"SLOW {time.time()-t1:.2f}")
                        cells.append(ans.status)
                        lk=w.leaks(ans.everything,person,asked=a)
                        if lk: notes.append((person,lk))
                        if ans.writes and (m=="GET" or ans.status in walk.REFUSED): notes.append((person,ans.status,ans.writes))
                    print(f"{name:38} {of:22} {m:5}", " ".join(c.ljust(4) for c in cells), notes or "")
        print("requests",n,time.time()-t)
        transaction.set_rollback(True)
