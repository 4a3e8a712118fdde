"""What agencies write to one another outside any project."""

from portal.demo.world import World
from projects.messaging import actions as talking


def tell(world: World) -> None:
    _observer(world)
    _pole_to_pole(world)
    _exchange(world)
    _holidays(world)


def _observer(world: World) -> None:
    world.thread(
        "Could KASA observe the surveyor?",
        ["JAXA"],
        ("haneul", "ko", "달 극지 탐사 사업에 참관 기관으로 참여할 수 있는지 문의드립니다."),
        ("-haneul", "ko", "일본 측 답변이 오면 연구원에 먼저 공유하겠습니다."),
        ("mika", "ja", "お問い合わせありがとうございます。提案が公開されるまで、概要のみ共有できます。"),
        ("haneul", "en", "Thank you. We would be glad to receive the overview when it is public."),
    )


def _pole_to_pole(world: World) -> None:
    world.thread(
        "Soft X-ray data of the magnetosphere",
        ["CAS"],
        ("lucien", "en", "Before we propose anything: would CAS share the raw frames, or the calibrated ones?"),
        ("mingyue", "zh", "我们可以共享定标后的数据；原始数据需要先完成内部评审。"),
        ("-mingyue", "zh", "请平台组确认数据量和下行时间。"),
        ("lucien", "en", "Calibrated frames are what our users need. I will write the draft on that basis."),
    )


def _exchange(world: World) -> None:
    world.thread(
        "تبادل المهندسين الشباب",
        ["SSA"],
        ("badr", "ar", "نقترح تبادل أربعة مهندسين لمدة ستة أشهر، اثنان من كل جهة."),
        ("thuraya", "ar", "الفكرة ممتازة. هل يبدأ البرنامج بعد إجازة العيد؟"),
        ("badr", "ar", "نعم، في أول أحد بعد الإجازة."),
    )


def _holidays(world: World) -> None:
    thread = world.thread(
        "Offices closed over Obon and in August",
        ["JAXA"],
        ("celeste", "fr", "Nos bureaux ferment du 1er au 20 août; pour les urgences, écrivez ici."),
        ("mika", "en", "Ours close from 13 to 16 August. Thank you for telling us."),
    )
    talking.close_thread(thread, actor=world.actor("celeste"))
