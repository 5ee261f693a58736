"""A visit holds what was asked and answered, and what was seen there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.common.people.enums import Role
from crm.common.records.files import files_of
from crm.enums import VisitPurpose
from crm.models import Visit, VisitAnswer
from crm.rules import USUAL_QUESTIONS
from crm.services.visits import MAX_PHOTOS
from tests.crm.factories import AreaFactory, EnterpriseFactory, member_of, staff
from tests.issues.factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    return EnterpriseFactory(area=AreaFactory())


@pytest.fixture
def agent(client, enterprise):
    user = staff(Role.AGENT, areas=[enterprise.area])
    client.force_login(user)
    return user


def send(client, enterprise, **said):
    given = {"visited_on": "2024-09-12", "purpose": "routine", **said}
    return client.post(reverse("staff:crm:visit_create", args=[enterprise.pk]), given)


@pytest.fixture(autouse=True)
def _today(settings):
    from datetime import date

    settings.ANSHANG_TODAY = date(2024, 9, 12)


def wrong(answer):
    assert answer.status_code == 200
    assert not Visit.objects.exists()
    return set(answer.context["form"].errors)


def test_what_was_answered_and_seen_is_kept_and_shown(client, agent, enterprise):
    said = {
        "purpose": "policy",
        "met": "王工",
        "answer_funds": "贷款下月到期",
        "answer_workers": "缺 20 人",
        "own_question": "冬季用气？",
        "own_answer": "已签合同",
        "photos": [picture("车间.jpg"), picture("门口.jpg")],
    }
    answer = send(client, enterprise, **said)
    page = client.get(answer.url).content.decode()
    visit = Visit.objects.get()
    words = dict(USUAL_QUESTIONS)
    assert list(visit.answers.values_list("question", "answer")) == [
        (str(words["workers"]), "缺 20 人"),
        (str(words["funds"]), "贷款下月到期"),
        ("冬季用气？", "已签合同"),
    ]
    assert (visit.purpose, visit.met, visit.learnt) == (VisitPurpose.POLICY, "王工", "")
    assert all(text in page for text in ("缺 20 人", "冬季用气？", "车间.jpg", "门口.jpg"))
    assert "What is planned next" not in page


def test_strangers_of_the_city_and_of_another_enterprise_see_none_of_it(client, agent, enterprise):
    send(client, enterprise, learnt="订单足", photos=[picture()])
    (photo,) = files_of(Visit.objects.get())
    address = reverse("file_download", args=[photo.pk])
    answer = client.get(address)
    assert answer.status_code == 200
    list(answer.streaming_content)
    for other in (staff(Role.AGENT, areas=[AreaFactory()]), member_of(EnterpriseFactory())):
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert send(client, enterprise, learnt="来过").status_code in (403, 404)
    assert Visit.objects.count() == 1


def test_nothing_learnt_and_nothing_answered_is_no_visit(client, agent, enterprise):
    assert wrong(send(client, enterprise)) == {"learnt"}
    assert send(client, enterprise, answer_plans="扩建二期").status_code == 302
    assert VisitAnswer.objects.get().answer == "扩建二期"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"own_question": "用气？"}, "own_answer"),
        ({"own_answer": "够"}, "own_question"),
        ({"purpose": "sweep", "learnt": "x"}, "purpose"),
    ],
)
def test_half_a_question_is_asked_back(client, agent, enterprise, said, field):
    assert field in wrong(send(client, enterprise, **said))


def test_a_file_that_cannot_be_taken_leaves_nothing(client, agent, enterprise):
    broken = SimpleUploadedFile("坏.jpg", b"<html>", content_type="image/jpeg")
    answer = send(client, enterprise, learnt="订单足", photos=[picture(), broken])
    assert wrong(answer) == {"__all__"}
    assert "坏.jpg" in answer.content.decode()


def test_too_many_files_are_refused_with_both_numbers(client, agent, enterprise):
    shots = [picture(f"{number}.jpg") for number in range(MAX_PHOTOS + 1)]
    answer = send(client, enterprise, learnt="订单足", photos=shots)
    assert wrong(answer) == {"__all__"}
    assert "10 个文件太多，最多 9 个" in answer.content.decode()
