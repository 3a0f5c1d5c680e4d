"""What the catalog refuses, by name."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound

_FIELDS: dict[str, str | Promise] = {
    "title": _("Title"),
    "title_en": _("English title"),
    "description": _("Description"),
    "freight_note": _("Freight note"),
    "key": _("Listing key"),
    "code": _("SKU code"),
    "quantity": _("Quantity"),
    "min_order": _("Minimum order"),
    "multiple": _("Order multiple"),
    "max_order": _("Maximum order"),
    "weight_grams": _("Weight (g)"),
    "min_quantity": _("From quantity"),
    "unit_price_minor": _("Unit price"),
    "reason": _("Reason"),
    "name": _("Name"),
    "category": _("Category"),
    "industry": _("Industry"),
    "region": _("Region"),
    "text": _("Search words"),
    "zh_hans": _("Simplified Chinese name"),
    "zh_hant": _("Traditional Chinese name"),
    "en": _("English name"),
    "cell": _("Cell"),
    "counted": _("Counted quantity"),
    "low_stock": _("Low-stock level"),
    "minor": _("Amount"),
    "basis_points": _("Percentage"),
    "step_minor": _("Rounding step"),
}
_KINDS: dict[str, str | Promise] = {
    "text": _("a text"),
    "integer": _("a whole number"),
    "decimal": _("a number such as 1.5"),
    "choice": _("one of the options"),
    "boolean": _("yes or no"),
}


class _OfField(BadInput):
    """Of one field: `field` is its code for programs; people read its name."""

    def __str__(self) -> str:
        field = self.params["field"]
        return str(self.message).format(**{**self.params, "field": _FIELDS.get(field, field)})


# --- what is not there -----------------------------------------------------------------------------------


class NoSuchCategory(NotFound):
    """No category has this code."""

    message = _("There is no category “{category}”.")


class NoSuchUnit(NotFound):
    """No sale unit has this code."""

    message = _("There is no sale unit “{unit}”.")


class NoSuchMarket(NotFound):
    """No market has this id."""

    message = _("There is no such market.")


class NoSuchListing(NotFound):
    """No listing has this id, or the reader may not know of it."""

    message = _("There is no such listing.")


class NoSuchSku(NotFound):
    """No SKU has this id."""

    message = _("There are no such goods.")


class NoSuchLocation(NotFound):
    """No stock location has this id."""

    message = _("There is no such stock location.")


class NoSuchPicture(NotFound):
    """No picture has this id."""

    message = _("There is no such picture.")


class NoSuchHold(NotFound):
    """No hold has this id."""

    message = _("There is no such hold.")


class NoSuchImport(NotFound):
    """No import of this party's has this id."""

    message = _("There is no such import.")


class NotReserved(NotFound):
    """Nothing was ever reserved for this order line."""

    message = _("No goods are reserved for this order line.")


# --- descriptions of goods -------------------------------------------------------------------------------


class TextMissing(_OfField):
    """A text that must be there is empty."""

    message = _("“{field}” must be filled in.")


class TextTooLong(_OfField):
    """A text is longer than its place."""

    message = _("“{field}” may have at most {most} characters.")


class TextUnreadable(_OfField):
    """A text has control characters, or is not text at all."""

    message = _("“{field}” has characters that cannot be shown.")


class NotAWholeNumber(_OfField):
    """A number is not whole, or outside its bounds."""

    message = _("“{field}” must be a whole number from {least} to {most}.")


class PersonalDataInText(_OfField):
    """A text that everyone will read names an identity or phone number."""

    message = _("Please leave identity and phone numbers out of “{field}”.")


class CodeMalformed(BadInput):
    """A code is not one."""

    message = _("“{code}” is not a code: use small letters, digits, points, hyphens and underscores.")


class CodeRepeated(BadInput):
    """Two things that must differ have one code."""

    message = _("The code “{code}” is used twice.")


class CategoryTooBroad(BadInput):
    """The category has narrower ones; listings stand in those."""

    message = _("“{category}” has narrower categories. Choose one of them.")


class CategoryInUse(Conflict):
    """Listings stand in the category that would become a parent."""

    message = _("Listings stand in “{category}”, so it cannot be divided.")


class CategoryCircular(BadInput):
    """A category would be its own ancestor."""

    message = _("“{category}” cannot stand below itself.")


class OptionsWrong(BadInput):
    """A choice without options, or options on what is no choice."""

    message = _("The options of “{attribute}” do not fit its kind.")


class AttributeUnknown(BadInput):
    """The category has no such attribute."""

    message = _("This category has no attribute “{attribute}”.")


class AttributeMissing(BadInput):
    """An attribute that the category requires is not given."""

    message = _("“{label}” is required in this category.")


class AttributeMisplaced(BadInput):
    """An attribute stands on the listing though it varies by SKU, or the other way round."""

    message = _(
        "“{label}” stands in the wrong place: some attributes vary by SKU, some hold for the whole listing."
    )


class AttributeInvalid(BadInput):
    """An attribute's value is not of its kind; `kind` is its code for programs, people read what it takes."""

    message = _("“{value}” does not fit “{label}”. It takes {kind}.")

    def __str__(self) -> str:
        kind = self.params["kind"]
        return str(self.message).format(**{**self.params, "kind": _KINDS.get(kind, kind)})


class SkusMissing(BadInput):
    """A listing without a SKU offers nothing."""

    message = _("A listing needs at least one SKU.")


class TooManySkus(BadInput):
    """More SKUs than a listing may have."""

    message = _("A listing may have at most {most} SKUs.")


class TiersMissing(BadInput):
    """A SKU without a price."""

    message = _("“{sku}” needs a price.")


class TooManyTiers(BadInput):
    """More price tiers than a SKU may have."""

    message = _("“{sku}” may have at most {most} price tiers.")


class TiersDisordered(BadInput):
    """Tiers must begin at larger and larger quantities, and never get dearer."""

    message = _(
        "The price tiers of “{sku}” must begin at larger and larger quantities, and the price may not rise."
    )


class TierGap(BadInput):
    """A quantity that may be ordered has no price."""

    message = _("The first price tier of “{sku}” must begin at its minimum order of {min_order} or below.")


class PriceNotPositive(BadInput):
    """A price of nothing, or less."""

    message = _("The price of “{sku}” must be more than zero.")


class OtherCurrency(BadInput):
    """The listing is priced in another currency than the change."""

    message = _("This listing is priced in {currency}, not in {wanted}.")


class OrderLimitsWrong(BadInput):
    """Minimum, maximum and multiple of an order do not fit together."""

    message = _(
        "The minimum and maximum order of “{sku}” must be multiples of {multiple}, the maximum not below"
        " the minimum."
    )


class KeyTaken(Conflict):
    """Another listing of this seller has the key."""

    message = _("You already have a listing with the key “{key}”.")


class ListingChanged(Conflict):
    """Someone changed the listing since it was read."""

    message = _("The listing was changed in the meantime (revision {revision}). Please look at it again.")


# --- offering and ordering -------------------------------------------------------------------------------


class ListingNotPublished(Conflict):
    """The listing, or this SKU of it, is not on offer."""

    message = _("“{title}” is not on offer.")


class ListingHeld(Conflict):
    """A hold stands on the listing."""

    message = _("“{title}” has been stopped by an authority.")


class PublishingRestricted(NotAllowed):
    """The seller may not publish: a restriction stands."""

    message = _("This party may not publish at the moment.")


class BelowMinimum(BadInput):
    """Fewer than the minimum order."""

    message = _("At least {minimum} must be ordered, not {quantity}.")


class NotMultiple(BadInput):
    """Not a multiple of what the goods are sold in."""

    message = _("The quantity must be a multiple of {multiple}, not {quantity}.")


class PastTiers(BadInput):
    """More than the seller has named prices for."""

    message = _("Prices are named for up to {most}, not for {quantity}.")


class StockShort(Conflict):
    """There is not enough to be had."""

    message = _("{wanted} were wanted, {available} are available.")


class HoldLifted(Conflict):
    """The hold was lifted before."""

    message = _("This hold was lifted before.")


# --- stock -----------------------------------------------------------------------------------------------


class StockTooLarge(BadInput):
    """More than one location can hold."""

    message = _("A location can hold at most {most} of one kind of goods.")


class LocationNotTheSellers(BadInput):
    """The goods are another party's than the location."""

    message = _("These goods are not kept at this location.")


class LocationClosed(Conflict):
    """The location takes nothing in any more."""

    message = _("This location is closed.")


class LocationNotEmpty(Conflict):
    """Only an empty location can be closed."""

    message = _("Goods still lie at this location: {quantity} in all. Move them or write them off first.")


class SameLocation(BadInput):
    """Goods cannot be moved to where they are."""

    message = _("Choose two different locations.")


class CountBelowReserved(Conflict):
    """Fewer were counted than are promised to orders."""

    message = _("{counted} were counted, but {reserved} are reserved for orders.")


class LocationNameTaken(Conflict):
    """The party has a location of that name."""

    message = _("You already have a location “{name}”.")


class ReferenceReused(Conflict):
    """The reference was used for something else."""

    message = _("This reference was used before for something else.")


class LineReused(Conflict):
    """The order line was reserved before, for something else."""

    message = _("This order line was reserved before with other goods or another quantity.")


class MoreThanReserved(Conflict):
    """More would leave than is kept for the line."""

    message = _("{wanted} were to leave, but {reserved} are reserved.")


class MoreThanShipped(Conflict):
    """More would come back than left."""

    message = _("{wanted} were to come back, but only {shipped} had left.")


# --- pictures and files ----------------------------------------------------------------------------------


class FileTooLarge(BadInput):
    """The file is larger than is taken."""

    message = _("The file is larger than {most_mib} MiB.")


class FileMissing(BadInput):
    """The call brought no file."""

    message = _("Send a file in the form field “{field}”.")


class NotAPicture(BadInput):
    """The content is not a picture that can be read."""

    message = _("The file is not a picture that can be read. Use JPEG, PNG or WebP.")


class PictureSizeWrong(BadInput):
    """Too many pixels, or too few."""

    message = _(
        "A picture has from {least} to {most} pixels on each side, and at most {most_megapixels} million"
        " in all."
    )


class TooManyPictures(Conflict):
    """More pictures than a listing may have."""

    message = _("A listing may have at most {most} pictures.")


class PictureRepeated(Conflict):
    """The listing has this picture."""

    message = _("The listing already has this picture.")


class FileEmpty(BadInput):
    """The file has no rows."""

    message = _("The file has no rows.")


class FileKindUnknown(BadInput):
    """The file's name or content is neither CSV nor XLSX."""

    message = _("Send a file of the kind CSV or XLSX.")


class EncodingUnknown(BadInput):
    """The bytes are no text in any encoding that is read."""

    message = _("The file's text cannot be read. Save it as UTF-8, UTF-16 or GB18030.")


class QuotingBroken(BadInput):
    """A quotation mark of a CSV file is not closed, or something follows it."""

    message = _("The quotation marks are broken in row {row}.")


class WorkbookBroken(BadInput):
    """The file is not a workbook, or one made to do harm."""

    message = _("The file is not a workbook that can be read.")


class TooManyRows(BadInput):
    """More rows than one import takes."""

    message = _("A file may have at most {most} rows.")


class TooManyColumns(BadInput):
    """More columns than one import takes."""

    message = _("A file may have at most {most} columns.")


class ColumnMissing(BadInput):
    """A column that must be there is not."""

    message = _("The column “{column}” is missing.")


class ColumnUnknown(BadInput):
    """A column means nothing here."""

    message = _("The column “{column}” is not known.")


class ColumnRepeated(BadInput):
    """Two columns mean the same."""

    message = _("The column “{column}” is there twice.")


class CellMissing(BadInput):
    """A cell that must be filled in is empty."""

    message = _("“{column}” must be filled in.")


class CellInvalid(BadInput):
    """A cell's text is not what its column holds."""

    message = _("“{value}” does not fit the column “{column}”.")


class CellUnexpected(BadInput):
    """A row is longer than the header."""

    message = _("“{value}” stands in a column without a name.")


class FormulaNotRead(BadInput):
    """A cell computes its value; only plain values are read."""

    message = _("The cell has a formula. Replace it by its value.")


class CellErroneous(BadInput):
    """A cell shows an error of the spreadsheet program."""

    message = _("The cell shows the error {value}.")


class RowsDiffer(BadInput):
    """Rows of one listing say different things about it."""

    message = _("“{column}” differs from the listing's first row.")


class TooManyListings(BadInput):
    """More listings than one act takes."""

    message = _("At most {most} listings can be handled at once.")
