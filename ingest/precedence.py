"""ONE visible table: which tags say which property, and which source is believed.

The rule of the Metadata Working Group's guidelines 2.0, chapter 5, as photo desks use it: a sidecar, then XMP, then
IIM, then Exif; but IIM before XMP where Photoshop's digest of the IIM says that it was edited after the XMP.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Family = Literal["sidecar", "xmp", "iim", "exif", "other"]
#: What a property's values are: one text, one in several languages, many, many in one text with `;`, a date.
Kind = Literal["one", "languages", "many", "date"]


class Row(NamedTuple):
    """One property and the tags that say it, by family. A sidecar is read by the XMP column."""

    property: str
    xmp: tuple[str, ...] = ()
    iim: tuple[str, ...] = ()
    exif: tuple[str, ...] = ()
    #: The last resort: text chunks of PNG.
    other: tuple[str, ...] = ()
    kind: Kind = "one"
    #: Whether the desk wants to know when two sources disagree.
    disputed: bool = True


#: Which family is believed first. `newer_iim` where the IPTC digest says that the IIM was edited after the XMP.
PRECEDENCE: dict[str, tuple[Family, ...]] = {
    "usual": ("sidecar", "xmp", "iim", "exif", "other"),
    "newer_iim": ("sidecar", "iim", "xmp", "exif", "other"),
    # A position: Exif's own values stand in Exif; their copies in XMP are written from there (XMP part 2, 3.3).
    "camera": ("sidecar", "exif", "xmp", "iim", "other"),
}


def _fields(prop: str, structure: str, names: str, space: str = "Iptc4xmpExt") -> tuple[Row, ...]:
    """The rows of a structure, from `field=Tag` words: `location_created_city` of `LocationCreated/City` and so on."""
    pairs = (pair.split("=") for pair in names.split())
    return tuple(
        Row(f"{prop}_{name}", (f"{space}:{structure}/{space}:{tag}",), kind="many", disputed=False)
        for name, tag in pairs
    )


_PLACE = (
    "name=LocationName id=LocationId sublocation=Sublocation city=City state=ProvinceState country=CountryName "
    "country_code=CountryCode world_region=WorldRegion"
)

#: THE table. Property names follow the IPTC Photo Metadata Standard 2025.1, whose mappings these are.
TABLE: tuple[Row, ...] = (
    Row("description", ("dc:description",), ("2:120",), ("ImageDescription",), ("png:Description",), "languages"),
    Row("headline", ("photoshop:Headline",), ("2:105",)),
    Row("title", ("dc:title",), ("2:5",), ("ImageTitle", "XPTitle"), ("png:Title",), "languages"),
    Row("creator", ("dc:creator",), ("2:80",), ("Artist", "Photographer", "XPAuthor"), ("png:Author",), "many"),
    Row("creator_job_title", ("photoshop:AuthorsPosition",), ("2:85",), kind="many"),
    *_fields("creator_contact", "CreatorContactInfo", "address=CiAdrExtadr city=CiAdrCity region=CiAdrRegion "
             "postal_code=CiAdrPcode country=CiAdrCtry telephone=CiTelWork email=CiEmailWork url=CiUrlWork",
             "Iptc4xmpCore"),
    Row("credit_line", ("photoshop:Credit",), ("2:110",)),
    Row("source", ("photoshop:Source",), ("2:115",)),
    Row("copyright_notice", ("dc:rights",), ("2:116",), ("Copyright",), ("png:Copyright",), "languages"),
    Row("usage_terms", ("xmpRights:UsageTerms",), kind="languages"),
    Row("instructions", ("photoshop:Instructions",), ("2:40",)),
    Row("job_id", ("photoshop:TransmissionReference",), ("2:103",)),
    Row("description_writer", ("photoshop:CaptionWriter",), ("2:122",), kind="many", disputed=False),
    Row("date_created", ("photoshop:DateCreated",), ("2:55",), ("DateTimeOriginal",), kind="date"),
    Row("date_digitized", ("xmp:CreateDate",), ("2:62",), ("DateTimeDigitized",), kind="date"),
    Row("sublocation", ("Iptc4xmpCore:Location",), ("2:92",)),
    Row("city", ("photoshop:City",), ("2:90",)),
    Row("state", ("photoshop:State",), ("2:95",)),
    Row("country", ("photoshop:Country",), ("2:101",)),
    Row("country_code", ("Iptc4xmpCore:CountryCode",), ("2:100",)),
    *_fields("location_created", "LocationCreated", _PLACE),
    *_fields("location_shown", "LocationShown", _PLACE),
    Row("person_shown", ("Iptc4xmpExt:PersonInImage", "Iptc4xmpExt:PersonInImageWDetails/Iptc4xmpExt:PersonName"),
        kind="many"),
    *_fields("person_shown", "PersonInImageWDetails", "id=PersonId description=PersonDescription "
             "characteristic=PersonCharacteristic/Iptc4xmpExt:CvTermName"),
    Row("organisation_shown", ("Iptc4xmpExt:OrganisationInImageName",), kind="many"),
    Row("organisation_shown_code", ("Iptc4xmpExt:OrganisationInImageCode",), kind="many"),
    *_fields("product_shown", "ProductInImage",
             "name=ProductName id=ProductId gtin=ProductGTIN description=ProductDescription"),
    *_fields("artwork", "ArtworkOrObject", "title=AOTitle creator=AOCreator creator_id=AOCreatorId "
             "date_created=AODateCreated circa_date_created=AOCircaDateCreated style_period=AOStylePeriod "
             "source=AOSource source_inventory_number=AOSourceInvNo source_inventory_url=AOSourceInvURL "
             "copyright_notice=AOCopyrightNotice copyright_owner=AOCurrentCopyrightOwnerName "
             "copyright_owner_id=AOCurrentCopyrightOwnerId licensor=AOCurrentLicensorName "
             "licensor_id=AOCurrentLicensorId content_description=AOContentDescription "
             "contribution_description=AOContributionDescription physical_description=AOPhysicalDescription"),
    Row("event", ("Iptc4xmpExt:Event",), kind="languages"),
    Row("event_id", ("Iptc4xmpExt:EventId",), kind="many"),
    Row("keyword", ("dc:subject",), ("2:25",), ("XPKeywords",), kind="many", disputed=False),
    Row("subject_code", ("Iptc4xmpCore:SubjectCode",), ("2:12",), kind="many", disputed=False),
    Row("scene_code", ("Iptc4xmpCore:Scene",), kind="many"),
    Row("intellectual_genre", ("Iptc4xmpCore:IntellectualGenre",), ("2:4",), disputed=False),
    *_fields("genre", "Genre", "name=CvTermName id=CvTermId vocabulary=CvId"),
    *_fields("about", "AboutCvTerm", "name=CvTermName id=CvTermId vocabulary=CvId refined=CvTermRefinedAbout"),
    Row("category", ("photoshop:Category",), ("2:15",), disputed=False),
    Row("supplemental_category", ("photoshop:SupplementalCategories",), ("2:20",), kind="many", disputed=False),
    Row("urgency", ("photoshop:Urgency",), ("2:10",), disputed=False),
    Row("digital_source_type", ("Iptc4xmpExt:DigitalSourceType",)),
    Row("digital_image_guid", ("Iptc4xmpExt:DigImageGUID",)),
    *_fields("registry", "RegistryId", "item_id=RegItemId organisation_id=RegOrgId role=RegEntryRole"),
    Row("max_available_width", ("Iptc4xmpExt:MaxAvailWidth",)),
    Row("max_available_height", ("Iptc4xmpExt:MaxAvailHeight",)),
    *_fields("image_region", "ImageRegion", "name=Name id=rId content_type=rCtype/Iptc4xmpExt:Name "
             "role=rRole/Iptc4xmpExt:Name shape=RegionBoundary/Iptc4xmpExt:rbShape "
             "unit=RegionBoundary/Iptc4xmpExt:rbUnit x=RegionBoundary/Iptc4xmpExt:rbX "
             "y=RegionBoundary/Iptc4xmpExt:rbY width=RegionBoundary/Iptc4xmpExt:rbW "
             "height=RegionBoundary/Iptc4xmpExt:rbH radius=RegionBoundary/Iptc4xmpExt:rbRx"),
    Row("alt_text", ("Iptc4xmpCore:AltTextAccessibility",), kind="languages"),
    Row("extended_description", ("Iptc4xmpCore:ExtDescrAccessibility",), kind="languages"),
    Row("contributor", ("Iptc4xmpExt:Contributor/Iptc4xmpExt:Name",), kind="many"),
    Row("contributor_id", ("Iptc4xmpExt:Contributor/xmp:Identifier",), kind="many", disputed=False),
    Row("contributor_role", ("Iptc4xmpExt:Contributor/Iptc4xmpExt:Role",), kind="many", disputed=False),
    Row("ai_system_used", ("Iptc4xmpExt:AISystemUsed",)),
    Row("ai_system_version_used", ("Iptc4xmpExt:AISystemVersionUsed",)),
    Row("ai_prompt_information", ("Iptc4xmpExt:AIPromptInformation",)),
    Row("ai_prompt_writer_name", ("Iptc4xmpExt:AIPromptWriterName",)),
    Row("image_supplier", ("plus:ImageSupplier/plus:ImageSupplierName",), kind="many"),
    Row("image_supplier_id", ("plus:ImageSupplier/plus:ImageSupplierID",), kind="many"),
    Row("image_supplier_image_id", ("plus:ImageSupplierImageID",)),
    Row("image_creator", ("plus:ImageCreator/plus:ImageCreatorName",), kind="many"),
    Row("image_creator_id", ("plus:ImageCreator/plus:ImageCreatorID",), kind="many"),
    Row("copyright_owner", ("plus:CopyrightOwner/plus:CopyrightOwnerName",), kind="many"),
    Row("copyright_owner_id", ("plus:CopyrightOwner/plus:CopyrightOwnerID",), kind="many"),
    Row("licensor", ("plus:Licensor/plus:LicensorName",), kind="many"),
    Row("licensor_id", ("plus:Licensor/plus:LicensorID",), kind="many"),
    Row("licensor_url", ("plus:Licensor/plus:LicensorURL",), kind="many"),
    Row("licensor_email", ("plus:Licensor/plus:LicensorEmail",), kind="many"),
    Row("licensor_telephone", ("plus:Licensor/plus:LicensorTelephone1", "plus:Licensor/plus:LicensorTelephone2"),
        kind="many"),
    *_fields("licensor", "Licensor", "street_address=LicensorStreetAddress extended_address=LicensorExtendedAddress "
             "city=LicensorCity region=LicensorRegion postal_code=LicensorPostalCode country=LicensorCountry", "plus"),
    Row("model_release_status", ("plus:ModelReleaseStatus",)),
    Row("model_release_id", ("plus:ModelReleaseID",), kind="many"),
    Row("model_age", ("Iptc4xmpExt:ModelAge",), kind="many"),
    Row("minor_model_age_disclosure", ("plus:MinorModelAgeDisclosure",)),
    Row("additional_model_info", ("Iptc4xmpExt:AddlModelInfo",)),
    Row("property_release_status", ("plus:PropertyReleaseStatus",)),
    Row("property_release_id", ("plus:PropertyReleaseID",), kind="many"),
    *_fields("embedded_rights", "EmbdEncRightsExpr",
             "expression=EncRightsExpr encoding=RightsExprEncType language=RightsExprLangId"),
    *_fields("linked_rights", "LinkedEncRightsExpr",
             "expression=LinkedRightsExpr encoding=RightsExprEncType language=RightsExprLangId"),
    Row("other_constraints", ("plus:OtherConstraints",), kind="languages"),
    Row("data_mining", ("plus:DataMining",)),
    Row("web_statement_of_rights", ("xmpRights:WebStatement",)),
    Row("rating", ("xmp:Rating",), (), ("Rating",), disputed=False),
)  # fmt: skip
