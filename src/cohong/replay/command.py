"""Trade a real order book, recorded elsewhere, through this platform's own acts.

A replay that was stopped, killed or cut off from its database is simply started again: it goes on where it
was.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

_DONE, _DOES_NOT_ADD_UP, _CANNOT = 0, 1, 2

_BOOK: Final = """\
DIR holds the "Online Retail" files: one CSV a day, one line an order line of a British gift wholesaler.

Goods become listings with opening stock; invoices become orders at the file's prices in GBP, paid, shipped,
accepted and settled; cancellations become returns and refunds of the sales they cancel; write-offs become
stock adjustments. What cannot be a trade is refused with a named reason. Time follows the files' dates.

exit status: 0 if every line and every penny is accounted for, 1 if not, 2 if it could not be done.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the order books there are, and their options."""
    books = parser.add_subparsers(dest="book", required=True, metavar="BOOK")
    online = books.add_parser(
        "online-retail",
        help='the "Online Retail" order book, a folder of CSV files',
        description=_BOOK,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    online.add_argument("folder", type=Path, metavar="DIR", help="the folder with the CSV files")
    online.add_argument(
        "--json",
        action="store_true",
        help="print the account as JSON: values in GBP with two decimals, and in pence under …_minor",
    )
    online.add_argument(
        "--batch",
        type=_positive,
        default=250,
        metavar="TRADES",
        help="trades carried out in one transaction (default: 250)",
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def run(arguments: argparse.Namespace) -> int:
    """Replay the book; return the exit status."""
    from django.db.utils import InterfaceError, OperationalError  # noqa: PLC0415 - help must not wait for it

    from cohong.replay.online_retail.executor import BeingReplayed, replay  # noqa: PLC0415
    from cohong.replay.online_retail.reader import BadFile  # noqa: PLC0415
    from cohong.replay.report import Bars, as_json, as_table  # noqa: PLC0415
    from cohong.replay.words import _  # noqa: PLC0415

    try:
        if missing := _missing_migrations():
            text = _("The database lacks {count} migrations. Run `cohong migrate` first.")
            return _say(text.format(count=missing))
        with Bars() as bars:
            account = replay(arguments.folder, watcher=bars, most=arguments.batch)
    except BadFile as bad:
        return _say(_bad_file(bad))
    except BeingReplayed:
        return _say(_("These files are being replayed by another process."))
    except (OperationalError, InterfaceError) as error:
        _say(_("The database went away: {error}").format(error=str(error).strip()))
        return _say(_("What was traded is kept. Start the replay again and it goes on from there."))
    if arguments.json:
        sys.stdout.write(as_json(account))
    else:
        as_table(account)
    if not account.adds_up:
        _say(_("The account does not add up: lines or values are missing or too many."))
        return _DOES_NOT_ADD_UP
    return _DONE


def _missing_migrations() -> int:
    """Count what the database lacks. One without any table gets all; one with tables is its operator's."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    if not connection.introspection.table_names():
        call_command("migrate", interactive=False, verbosity=0)
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _bad_file(bad: Exception) -> str:
    from cohong.replay.online_retail.reader import BadFile  # noqa: PLC0415
    from cohong.replay.words import _  # noqa: PLC0415

    assert isinstance(bad, BadFile)  # noqa: S101 - tells the type checker
    texts = {
        "NoFolder": _("{folder} is not a folder."),
        "NoFiles": _("There are no CSV files in {folder}."),
        "EmptyFile": _("{file} is empty: it has not even a header."),
        "MissingColumns": _("{file} lacks these columns: {columns}."),
    }
    return texts[bad.code].format(**bad.params)


def _say(text: str) -> int:
    sys.stderr.write(f"cohong: {text}\n")
    return _CANNOT
