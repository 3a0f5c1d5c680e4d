"""Imports on screen: checked before anything is made, errors told cell by cell, run piece by piece, result with links."""

import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from portal_town import Town

from cohong.catalog import api as catalog
from cohong.catalog.import_runs import run_import

Browse = Callable[..., Client]
HEAD = "商品键,类目,标题,币种,单位,SKU 编码,价格,尺码\n"


def upload(rows: str, *, name: str = "goods.csv", encoding: str = "gb18030") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (HEAD + rows).encode(encoding))


def mine(town: Town) -> list[catalog.ListingView]:
    cards = catalog.sellers_listings(actor=town.seller, seller_id=town.seller.party_id).items
    return list(catalog.listings(ids=[card.id for card in cards]).values())


def check(seller: Client, file: Any, **more: str) -> str:
    answer = seller.post("/merchant/imports/", {"file": file, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_file_is_checked_and_nothing_is_made_until_it_is_confirmed(town: Town, browse: Browse):
    seller = browse("sun", "zh-hans")
    page = check(
        seller,
        upload(
            "A1,clothing.dress,长裙,CNY,件,A1-s,199.00,小码\nA2,clothing.dress,短裙,CNY,件,A2-s,很贵,小码\n"
        ),
    )
    html = seller.get(page).content.decode()
    assert "很贵" in html  # the value
    assert "价格" in html  # its column
    assert mine(town) == []
    seller.post(f"{page}start/")
    run_import(page.split("/")[-2])
    [view] = mine(town)
    assert (view.key, view.title, view.state) == ("A1", "长裙", "draft")
    assert f"/merchant/goods/{view.id}/" in seller.get(page).content.decode()
    run_import(page.split("/")[-2])  # a job may run twice
    seller.post(f"{page}start/")
    assert len(mine(town)) == 1


def test_errors_are_told_in_the_readers_language(town: Town, browse: Browse):
    page = check(browse("sun", "zh-hans"), upload("A1,没有的类目,长裙,CNY,件,A1-s,199.00,小码\n"))
    assert "没有类目" in browse("sun", "zh-hans").get(page).content.decode()
    assert "There is no category" in browse("sun", "en").get(page).content.decode()


def test_a_known_key_changes_its_listing(town: Town, browse: Browse):
    seller = browse("sun", "en")
    first = check(seller, upload("A1,clothing.dress,长裙,CNY,件,A1-s,199.00,小码\n"), publish="1")
    seller.post(f"{first}start/")
    run_import(first.split("/")[-2])
    [before] = mine(town)
    content = seller.get("/merchant/goods/export/?format=csv").content.decode("utf-8-sig")
    changed = SimpleUploadedFile("back.csv", content.replace("199.00", "188.00").encode())
    second = check(seller, changed, update="1")
    seller.post(f"{second}start/")
    run_import(second.split("/")[-2])
    [after] = mine(town)
    assert (after.id, after.revision, after.price_from.minor) == (before.id, before.revision + 1, 18800)
    refused = seller.get(check(seller, SimpleUploadedFile("again.csv", content.encode()))).content.decode()
    assert "already have a listing" in refused


def test_what_is_no_table_is_refused_at_once(town: Town, browse: Browse):
    seller = browse("sun", "en")
    for name, content in (
        ("a.csv", b""),
        ("a.xlsx", b"PK\x03\x04 not a workbook"),
        ("a.exe", b"MZ"),
        ("a.csv", "什么,都不是\n1,2\n".encode()),
        ("a.csv", b"x" * (4 * 1024 * 1024 + 1)),
    ):
        answer = seller.post("/merchant/imports/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422, name
    assert seller.post("/merchant/imports/", {}).status_code == 422
    assert mine(town) == []


def test_nobody_sees_or_starts_anothers_import(town: Town, browse: Browse):
    page = check(browse("sun", "en"), upload("A1,clothing.dress,长裙,CNY,件,A1-s,199.00,小码\n"))
    stranger = browse("star", "en")
    assert stranger.get(page).status_code == 404
    assert stranger.post(f"{page}start/").status_code == 404
    assert mine(town) == []


def test_files_to_fill_in_and_to_take_away(town: Town, browse: Browse):
    town.goods("<script>x</script>")
    seller = browse("sun", "zh-hans")
    template = seller.get("/merchant/imports/template/?category=clothing.dress&format=xlsx")
    assert load_workbook(io.BytesIO(template.content)).worksheets[0]["A1"].value == "商品键"
    assert seller.get("/merchant/imports/template/?category=gold").status_code == 404
    goods = load_workbook(io.BytesIO(seller.get("/merchant/goods/export/").content)).worksheets[0]
    assert goods.max_row == 3
    assert (
        load_workbook(io.BytesIO(browse("star").get("/merchant/goods/export/").content)).worksheets[0].max_row
        == 1
    )
    sheet = seller.get("/merchant/stock/sheet/?format=csv").content.decode("utf-8-sig")
    assert sheet.splitlines()[0] == "SKU 编码,存放地点,盘点数量,标题"
    counted = sheet.replace(",100,", ",90,")
    form = {"file": SimpleUploadedFile("c.csv", counted.encode()), "do": "check"}
    assert "尚未入账" in seller.post("/merchant/stock/file/", form).content.decode()
    seller.post(
        "/merchant/stock/file/", {"file": SimpleUploadedFile("c.csv", counted.encode()), "do": "book"}
    )
    found = catalog.shelf_rows(actor=town.seller, seller_id=town.seller.party_id).items
    assert [row.stock.on_hand for row in found] == [90, 90]
