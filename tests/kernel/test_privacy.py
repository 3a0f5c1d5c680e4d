"""Personal data: nothing in clear at rest, nothing changed unseen, nothing shown that need not be."""

import base64
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cohong.kernel import privacy
from cohong.kernel.privacy import (
    PREFIX,
    CannotDecrypt,
    EncryptedJSONField,
    EncryptedTextField,
    blind_index,
    blind_indexes,
    decrypt,
    encrypt,
    is_encrypted,
    mask_address,
    mask_email,
    mask_identity,
    mask_name,
    mask_phone,
    reencrypt,
)


def new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


OLD, NEW = new_key(), new_key()
texts = st.text(st.characters(codec="utf-8"), max_size=200)


class TestTokens:
    @given(texts)
    def test_a_token_opens_to_its_text(self, text: str):
        token = encrypt(text)
        assert decrypt(token) == text
        assert is_encrypted(token)

    def test_nothing_is_in_clear_and_no_two_tokens_are_alike(self):
        text = "广州市天河区体育西路100号"
        tokens = {encrypt(text) for _ in range(100)}
        assert len(tokens) == 100
        for token in tokens:
            assert token.startswith(PREFIX)
            assert token.isascii()
            assert text.encode() not in base64.urlsafe_b64decode(token[len(PREFIX) :])

    def test_a_token_of_a_token_needs_two_openings(self):
        assert decrypt(decrypt(encrypt(encrypt("a")))) == "a"

    @given(st.data())
    def test_any_changed_character_is_noticed(self, data: st.DataObject):
        token = encrypt("13812345678")
        position = data.draw(st.integers(0, len(token) - 1))
        other = data.draw(
            st.characters(min_codepoint=33, max_codepoint=126).filter(lambda c: c != token[position])
        )
        with pytest.raises(CannotDecrypt):
            decrypt(token[:position] + other + token[position + 1 :])

    @pytest.mark.parametrize(
        "text",
        ["", "13812345678", "pd1:", "pd1:AAAA", "pd1:张", "pd1:" + "A" * 64, "pd1:****", "pd2:" + "A" * 64],
    )
    def test_what_is_no_token_does_not_open(self, text: str):
        assert not is_encrypted(text)
        with pytest.raises(CannotDecrypt) as failed:
            decrypt(text)
        assert "138" not in str(failed.value)

    def test_a_token_cut_short_or_made_longer_does_not_open(self):
        token = encrypt("13812345678")
        for wrong in (token[:-4], token + "AAAA", token + "\n", " " + token, token + "="):
            assert not is_encrypted(wrong)


class TestRotation:
    def test_the_first_key_encrypts_and_all_decrypt(self, settings: Settings):
        settings.COHONG_DATA_KEYS = [OLD]
        old_token = encrypt("a")
        settings.COHONG_DATA_KEYS = [NEW, OLD]
        assert decrypt(old_token) == "a"
        moved = reencrypt(old_token)
        assert reencrypt(moved) == moved != old_token
        settings.COHONG_DATA_KEYS = [NEW]
        assert decrypt(moved) == "a"
        with pytest.raises(CannotDecrypt):
            decrypt(old_token)

    def test_keys_that_share_their_byte_are_told_apart(self, settings: Settings):
        # With 300 keys some of the 256 bytes must be shared.
        many = [new_key() for _ in range(300)]
        tokens = []
        for key in many:
            settings.COHONG_DATA_KEYS = [key]
            tokens.append(encrypt(key))
        assert len({base64.urlsafe_b64decode(token[len(PREFIX) :])[:1] for token in tokens}) < 300
        settings.COHONG_DATA_KEYS = many
        assert [decrypt(token) for token in tokens] == many
        moved = [reencrypt(token) for token in tokens]
        settings.COHONG_DATA_KEYS = many[:1]
        assert [decrypt(token) for token in moved] == many

    def test_a_lookup_finds_rows_of_either_key(self, settings: Settings):
        settings.COHONG_DATA_KEYS = [OLD]
        written = blind_index("13812345678", "phone")
        settings.COHONG_DATA_KEYS = [NEW, OLD]
        assert blind_index("13812345678", "phone") != written
        assert blind_indexes("13812345678", "phone") == [blind_index("13812345678", "phone"), written]


class TestKeys:
    @pytest.mark.parametrize("configured", [[], None, ()])
    def test_without_a_key_nothing_starts(self, settings: Settings, configured: object):
        settings.COHONG_DATA_KEYS = configured
        for use in (privacy.check_keys, lambda: encrypt("a"), lambda: blind_index("a", "b")):
            with pytest.raises(ImproperlyConfigured, match="COHONG_DATA_KEYS is empty"):
                use()

    @pytest.mark.parametrize("bad", ["", "short", "c2hvcnQ=", base64.b64encode(bytes(33)).decode(), "é" * 44])
    def test_a_key_that_is_none_is_named_and_never_shown(self, settings: Settings, bad: str):
        settings.COHONG_DATA_KEYS = [NEW, bad]
        with pytest.raises(ImproperlyConfigured) as refused:
            privacy.check_keys()
        assert str(refused.value) == "COHONG_DATA_KEYS: key 2 is not base64 of exactly 32 bytes."

    def test_one_text_is_not_a_list_of_keys(self, settings: Settings):
        settings.COHONG_DATA_KEYS = NEW
        with pytest.raises(ImproperlyConfigured, match="is a list of keys"):
            privacy.check_keys()

    def test_good_keys_pass(self, settings: Settings):
        settings.COHONG_DATA_KEYS = [NEW, OLD]
        privacy.check_keys()


class TestBlindIndex:
    def test_equal_values_of_one_purpose_only(self, settings: Settings):
        settings.COHONG_DATA_KEYS = [NEW]
        index = blind_index("13812345678", "phone")
        assert index == blind_index("13812345678", "phone")
        assert len(bytes.fromhex(index)) == 32
        assert index not in {
            blind_index("13812345679", "phone"),
            blind_index("13812345678", "identity"),
            blind_index("3812345678", "phone1"),
        }
        settings.COHONG_DATA_KEYS = [OLD]
        assert blind_index("13812345678", "phone") != index

    def test_a_purpose_is_a_plain_word(self):
        with pytest.raises(ValueError, match="plain word"):
            blind_index("a", "b\x00c")


class Secretive(models.Model):
    """A table of this test only."""

    phone = EncryptedTextField(null=True)
    profile = EncryptedJSONField(null=True)

    class Meta:
        app_label = "kernel_test_privacy"

    def __str__(self) -> str:
        return str(self.pk)


@pytest.fixture
def table(transactional_db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Secretive)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Secretive)


def raw_rows() -> list[tuple[str | None, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute("select phone, profile from kernel_test_privacy_secretive order by id")
        return cursor.fetchall()


@pytest.mark.usefixtures("table")
class TestFields:
    def test_plain_in_python_and_encrypted_in_the_database(self):
        profile = {"住址": "广州", "ages": [1, 2.5, None, True], "n": {}}
        Secretive.objects.create(phone="13812345678", profile=profile)
        found = Secretive.objects.get()
        assert (found.phone, found.profile) == ("13812345678", profile)
        assert list(Secretive.objects.values_list("phone", "profile")) == [("13812345678", profile)]
        [(phone, stored)] = raw_rows()
        assert phone is not None
        assert stored is not None
        assert decrypt(phone) == "13812345678"
        assert json.loads(decrypt(stored)) == profile
        assert "138" not in phone
        assert "广州" not in stored

    def test_many_at_once_and_by_update(self):
        Secretive.objects.bulk_create([Secretive(phone=str(n), profile=n) for n in range(50)])
        rows = list(Secretive.objects.order_by("id"))
        assert [(row.phone, row.profile) for row in rows] == [(str(n), n) for n in range(50)]
        for row in rows:
            row.phone += "x"
            row.profile += 1
        Secretive.objects.bulk_update(rows, ["phone", "profile"])
        rows = list(Secretive.objects.order_by("id"))
        assert [(row.phone, row.profile) for row in rows] == [(f"{n}x", n + 1) for n in range(50)]
        Secretive.objects.update(phone="same")
        assert {row.phone for row in Secretive.objects.all()} == {"same"}
        assert all(is_encrypted(phone or "") for phone, _profile in raw_rows())

    @pytest.mark.parametrize("value", ["", "text", 0, False, [], {}, 10**20])
    def test_every_json_value(self, value: Any):
        Secretive.objects.create(phone="", profile=value)
        found = Secretive.objects.get()
        assert found.profile == value
        assert type(found.profile) is type(value)
        assert found.phone == ""
        assert all(column and is_encrypted(column) for column in raw_rows()[0])

    def test_null_stays_null(self):
        Secretive.objects.create()
        assert raw_rows() == [(None, None)]
        assert Secretive.objects.filter(phone__isnull=True, profile__isnull=True).count() == 1

    @pytest.mark.parametrize(
        "lookup", [{"phone": "a"}, {"phone__contains": "a"}, {"phone__in": ["a"]}, {"profile__city": "a"}]
    )
    def test_a_lookup_that_could_never_find_anything_is_refused(self, lookup: dict[str, object]):
        with pytest.raises(FieldError):
            Secretive.objects.filter(**lookup).exists()

    @pytest.mark.parametrize("value", [float("nan"), {"a": float("inf")}, object()])
    def test_what_json_cannot_hold_is_not_written(self, value: object):
        with pytest.raises((TypeError, ValueError)):
            Secretive.objects.create(profile=value)
        assert raw_rows() == []

    def test_a_row_changed_behind_our_back_is_noticed(self):
        Secretive.objects.create(phone="a")
        for damage in ("'13812345678'", "overlay(phone placing 'AAAA' from 30)"):
            with connection.cursor() as cursor:
                cursor.execute(f"update kernel_test_privacy_secretive set phone = {damage}")
            with pytest.raises(CannotDecrypt):
                Secretive.objects.get()


class TestMasks:
    @pytest.mark.parametrize(
        ("phone", "shown"),
        [
            ("13812345678", "138****5678"),
            ("138 1234 5678", "138****5678"),
            ("+86 13812345678", "+86 138****5678"),
            ("+8613812345678", "+86 138****5678"),
            ("0086-13812345678", "+86 138****5678"),
            ("+852 9123 4567", "+852 91****67"),
            ("+85291234567", "+852 91****67"),
            ("+853 6612-3456", "+853 66****56"),
            ("91234567", "91****67"),
            ("020-38881234", "020****1234"),
            ("+44 20 7946 0958", "+44 20****58"),
            ("110", "****"),
            ("", ""),
        ],
    )
    def test_phones(self, phone: str, shown: str):
        assert mask_phone(phone) == shown

    @pytest.mark.parametrize(
        ("number", "shown"),
        [
            ("440103199001011234", "440****34"),
            ("44010319900101123X", "440****3X"),
            ("440103900101123", "440****23"),
            ("A123456(7)", "A****"),
            ("E12345678", "E****"),
            ("", ""),
        ],
    )
    def test_identity_numbers(self, number: str, shown: str):
        assert mask_identity(number) == shown

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("张三", "张*"),
            ("张小明", "张**"),
            ("欧阳娜娜", "欧阳**"),
            ("司馬光", "司馬*"),
            ("欧阳", "欧*"),
            ("张", "*"),
            ("John Smith", "J*** S****"),
            (" Li  Na ", "L* N*"),
            ("", ""),
        ],
    )
    def test_names(self, name: str, shown: str):
        assert mask_name(name) == shown

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("广东省广州市天河区体育西路100号之一301房", "广东省广州市天河区****"),
            ("广州市天河区体育西路100号", "广州市天河区****"),
            ("广东省东莞市长安镇振安中路8号", "广东省东莞市长安镇****"),
            ("广东省佛山市顺德区大良街道", "广东省佛山市顺德区****"),
            ("廣東省廣州市越秀區北京路1號", "廣東省廣州市越秀區****"),
            ("香港特别行政区九龙弥敦道1号", "香港特别行政区****"),
            ("内蒙古自治区呼和浩特市新城区1号", "内蒙古自治区呼和浩特市新城区****"),
            ("云南省大理白族自治州大理市古城1号", "云南省大理白族自治州大理市****"),
            ("体育西路100号", "****"),
            ("体育西路100号城市花园5栋", "****"),
            ("北京市朝阳区建国路1号", "北京市朝阳区****"),
            ("广东省中山路村12号", "广东省****"),
            ("12 Nathan Road, Kowloon, Hong Kong", "****, Hong Kong"),
            ("Flat 3, 12 Nathan Road", "****"),
            ("10 Downing Street", "****"),
            ("  ", ""),
        ],
    )
    def test_addresses(self, address: str, shown: str):
        assert mask_address(address) == shown

    @pytest.mark.parametrize(
        ("email", "shown"),
        [
            ("zhangsan@example.com", "z****@example.com"),
            ("a@example.com", "a****@example.com"),
            ("@example.com", "****@example.com"),
            ("not a mail address", "****"),
            ("", ""),
        ],
    )
    def test_mail_addresses(self, email: str, shown: str):
        assert mask_email(email) == shown
