"""Who bears which honour: a county-level city has a handful of the highest."""

from collections import Counter

from cms.demo.books import Book

# Honour -> word, how many bear it; the higher word is given first, each firm has one at most.
HONOURS: dict[str, tuple[tuple[str, int], ...]] = {
    "srdi_level": (("专精特新小巨人企业", 8), ("专精特新中小企业", 62), ("创新型中小企业", 118)),
    "rd_platform_level": (("省级", 42), ("市级", 70)),
    "green_factory_level": (("国家级", 3), ("省级", 9), ("市级", 22)),
    "smart_factory_level": (("省级", 6), ("市级", 22)),
    "customs_credit_grade": (("高级认证企业", 3),),
    "listing_stage": (("上市", 1), ("新三板", 2), ("辅导", 1), ("股改", 6)),
    "single_champion": (("yes", 1),),
    "agri_leading_level": (("国家级", 1), ("省级", 18), ("市级", 42)),
}
# Of those, these go to firms with a certificate as 高新技术企业 only.
OF_HITECH = {"srdi_level", "rd_platform_level", "single_champion"}
HITECH_IN_AN_INDUSTRY = 2


def certify(books: list[Book]) -> None:
    """Say who is a 高新技术企业: so many of each industry, the larger ones first."""
    wanted = {book.firm.trade["key"]: int(book.firm.trade["hitech_firms"]) for book in books}
    taken: Counter[str] = Counter()
    for book in sorted(books, key=lambda book: (not book.watched, book.chance("hi"))):
        key = book.firm.trade["key"]
        first = book is books[0]
        if (taken[key] < wanted[key] or first) and (first or book.firm.founded.year < 2021):
            taken[key] += 1
            book.hitech = True


def award(books: list[Book]) -> None:
    """Give each honour to as many as the city has."""
    for code, words in HONOURS.items():
        able = [book for book in books if _able(code, book)]
        able.sort(key=lambda book: (not book.rich, book.chance(code)))
        giants: Counter[str] = Counter()
        for word, count in words:
            left = count
            for book in able:
                if not left:
                    break
                key = book.firm.trade["key"]
                if code in book.honours or ("小巨人" in word and giants[key] >= 2):
                    continue
                book.honours[code] = word
                giants[key] += 1
                left -= 1
    # The firm of the portal account became 专精特新 in 2022.
    books[0].honours["srdi_level"] = "专精特新中小企业"


def _able(code: str, book: Book) -> bool:
    if code == "agri_leading_level":
        return book.firm.trade["key"] == "food"
    if code == "customs_credit_grade":
        return book.exporter and book.firm.revenue >= 5000 and not book.trouble
    if code in OF_HITECH and code != "srdi_level":
        return book.hitech
    return book.watched and not book.trouble
