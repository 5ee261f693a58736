"""What happens in the demo city: issues as enterprises tell them, and how they end."""

from dataclasses import dataclass

from issues.enums import Severity


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of issue: category, title, what they say, how bad, what was done, the picture."""

    category: str
    title: str
    said: str
    severity: str
    done: str
    scene: str


STORIES = (
    Story(
        "utilities",
        "临时用电未接通，桩基停工",
        "箱变到了一直没送电，桩机停在那里，一天损失两万。",
        Severity.STOPPED,
        "高压计量柜已到货，箱变已送电，桩机复工。",
        "power",
    ),
    Story(
        "approval",
        "施工许可缺消防审查意见",
        "消防审查的意见一直出不来，施工许可办不下去，队伍已经进场了。",
        Severity.DELAYING,
        "消防审查意见已出具，施工许可已受理。",
        "paper",
    ),
    Story(
        "land",
        "土地款返还未到账",
        "合同写明的土地款返还去年就该到，问了几次都说在走流程。",
        Severity.DELAYING,
        "审核已完成，款项已拨付，附拨款单。",
        "paper",
    ),
    Story(
        "labour",
        "缝纫工缺 60 人",
        "旺季订单接了，熟练缝纫工缺六十个，招聘会只来了十几个人。",
        Severity.NORMAL,
        "组织两场专场招聘，到岗 48 人，其余由技校定向输送。",
        "people",
    ),
    Story(
        "labour",
        "劳动合同备案退回三次",
        "劳动合同备案退回来三次，每次说的材料都不一样。",
        Severity.NORMAL,
        "已上门核对材料，一次备案完成 112 份。",
        "paper",
    ),
    Story(
        "roads",
        "进场道路积水，混凝土车进不来",
        "进场道路积水，混凝土车进不来，今天停工。先铺钢板也行。",
        Severity.STOPPED,
        "已铺钢板并疏通排水口，车辆通行正常。",
        "road",
    ),
    Story(
        "roads",
        "厂区排水口淤堵",
        "下雨厂区就积水，门口的排水口好像堵了。",
        Severity.NORMAL,
        "排水口清淤 40 米，已做通水试验。",
        "road",
    ),
    Story(
        "finance",
        "流动资金贷款续贷卡在抵押评估",
        "贷款月底到期，抵押物评估报告银行说要重做，怕断贷。",
        Severity.DELAYING,
        "银企对接会后银行采用原评估报告，续贷 500 万元已放款。",
        "paper",
    ),
    Story(
        "policy",
        "技改补贴申报后没有回音",
        "技改补贴三月交的材料，到现在没人告诉我们行不行。",
        Severity.NORMAL,
        "复核通过，列入第三批兑现名单，已告知企业。",
        "paper",
    ),
    Story(
        "utilities",
        "蒸汽压力不足",
        "蒸汽压力每天下午掉到零点四，染缸升不了温。",
        Severity.DELAYING,
        "供汽管线更换减压阀，压力稳定在 0.6 兆帕。",
        "power",
    ),
    Story(
        "utilities",
        "临时用水表口径小",
        "工地水表口径小，养护用水不够。",
        Severity.NORMAL,
        "已换 DN80 水表。",
        "power",
    ),
    Story(
        "approval",
        "环评补充监测排不上队",
        "环评要补充监测，检测公司说要排到下个月。",
        Severity.DELAYING,
        "协调另一家检测机构，监测已完成。",
        "paper",
    ),
    Story(
        "land",
        "围墙外边角地权属不清",
        "围墙外有三分边角地，村里和我们说法不一样，围墙砌不了。",
        Severity.NORMAL,
        "已现场放线，双方签字确认界址。",
        "road",
    ),
    Story(
        "other",
        "公交末班车早于下班",
        "工人晚上八点半下班，末班车八点就没了。",
        Severity.NORMAL,
        "末班车延至 21:00，当晚执行。",
        "people",
    ),
    Story(
        "other",
        "职工子女入学名额",
        "有九个外地职工的孩子今年要上一年级，不知道找谁。",
        Severity.NORMAL,
        "九名学生均已安排到就近小学。",
        "people",
    ),
    Story(
        "roads",
        "园区路灯不亮 200 米",
        "厂门口到路口两百米路灯不亮，夜班工人害怕。",
        Severity.NORMAL,
        "更换灯头 8 盏，全部点亮。",
        "road",
    ),
)
