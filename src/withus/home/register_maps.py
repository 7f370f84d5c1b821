"""The register of stored fields, for opinion maps: shapes of groups, and the votes that wait for a map for a minute."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import (
    CHOSEN,
    DAY,
    FOR_EVER,
    RECORD,
    ROW,
    WHICH_PROCESS,
    WHICH_STATEMENT,
    WITH_THE_HOUSE,
    Kept,
    Section,
)

MAPS = Section(
    "maps",
    _("Opinion maps"),
    _("Groups of ten people or more, never who is in them. Your own place is made when you ask for it, never stored."),
    {
        "DrawnMap": Kept(_("The map of a conversation as it was drawn last."), RECORD, WITH_THE_HOUSE, {
            "process": WHICH_PROCESS,
            "content": _("What everybody sees of it."),
            "inside": _("The counts it rests on, and the formula by which you find your own place. Nobody’s place."),
            "drawn_on": DAY,
        }),
        "HeldVote": Kept(
            _("A vote as it was when its phase ended. Only so that votes of the next phase do not change its map."),
            CHOSEN, _("Until the map of the phase is sealed, as a rule a minute; or until you leave."), {
            "id": ROW,
            "phase": _("The phase that ended."),
            "participant": _("The random participant, so that it goes when she leaves."),
            "statement": WHICH_STATEMENT,
            "value": _("Agree, disagree or pass."),
        }),
        "SealedMap": Kept(_("The map at the end of a phase."), RECORD, FOR_EVER, {
            "id": ROW,
            "phase": _("The phase that ended."),
            "content": _("What everybody sees of it."),
            "sha256": _("Its fingerprint, which lies in the public log."),
            "recount": _("With what the map is counted again by those who have the ballots."),
            "recount_sha256": _("Its fingerprint, which lies in the public log."),
            "sealed_on": DAY,
        }),
    },
    is_about_people=True,
)  # fmt: skip
