"""The Django app: blocks, notices, reports, the moderators' log and the site's own words."""

from django.apps import AppConfig


class Safety(AppConfig):
    name = "social.safety"

    def ready(self) -> None:
        from social.accounts import inventory, invites, leaving, sightings, standing
        from social.safety import blocks, erasing, holdings, inviting, moderators, persons, telling

        inventory.register(*holdings.HOLDINGS)
        leaving.register(erasing.erase)
        blocks.register()
        sightings.after(telling.moderators)
        sightings.after(telling.members)
        invites.used.connect(inviting.came)
        leaving.handed_over.connect(moderators.inherited)
        standing.register(blocks.block_of, persons.is_unwanted)
