"""Where the readings of one submission belong: the session, station or device that each names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import UnknownSession
from app.services.devices import session_of

if TYPE_CHECKING:
    from app.models.item import Item
    from app.monitoring.commands import ReadingFor


class Places:
    """Each place is looked up once; by name, a simulator's are those of simulated sessions and
    everybody else's those of real ones.
    """

    def __init__(self, item: Item, *, simulated: bool) -> None:
        self._item = item
        self._simulated = simulated
        self._at_station: dict[str, str | None] = {}
        self._of_device: dict[tuple[str, bool], str | None] = {}

    def session_of(self, wanted: ReadingFor) -> str:
        """Raises UnknownSession if the station or the device has no active session."""
        if wanted.session_id is not None:
            return wanted.session_id
        if wanted.station is not None:
            found = self._session_at(wanted.station)
            missing = "there is no active session at this station"
        else:
            found = self.of_device(wanted.reading.device or "", simulated=self._simulated)
            missing = "the device is attached to no session"
        if found is None:
            raise UnknownSession(f"Nothing was stored: {missing}.")
        return found

    def of_device(self, device: str, *, simulated: bool) -> str | None:
        place = (device, simulated)
        if place not in self._of_device:
            self._of_device[place] = session_of(self._item, device, simulated=simulated)
        return self._of_device[place]

    def _session_at(self, station: str) -> str | None:
        if station not in self._at_station:
            place = (station, self._simulated)
            row = self._item.cursor.execute(self._item.sql.id_at_station, place).fetchone()
            self._at_station[station] = None if row is None else row[0]
        return self._at_station[station]
