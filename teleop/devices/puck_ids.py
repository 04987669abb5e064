"""USB vendor and product of the SpaceMice; without any library, so that the doctor can use it."""

CONNEXION, LOGITECH = 0x256F, 0x046D  # pucks were Logitech's at first

NAMES: dict[tuple[int, int], str] = {
    (CONNEXION, 0xC62E): "SpaceMouse Wireless (cabled)",
    (CONNEXION, 0xC62F): "SpaceMouse Wireless (receiver)",
    (CONNEXION, 0xC631): "SpaceMouse Pro Wireless (cabled)",
    (CONNEXION, 0xC632): "SpaceMouse Pro Wireless (receiver)",
    (CONNEXION, 0xC633): "SpaceMouse Enterprise",
    (CONNEXION, 0xC635): "SpaceMouse Compact",
    (CONNEXION, 0xC636): "SpaceMouse Module",
    (CONNEXION, 0xC638): "SpaceMouse Pro Wireless (Bluetooth)",
    (CONNEXION, 0xC63A): "SpaceMouse Wireless (new)",
    (CONNEXION, 0xC641): "SpaceMouse Module (USB)",
    (CONNEXION, 0xC652): "3Dconnexion Universal Receiver",
    (LOGITECH, 0xC625): "SpacePilot",
    (LOGITECH, 0xC626): "SpaceNavigator",
    (LOGITECH, 0xC627): "SpaceExplorer",
    (LOGITECH, 0xC628): "SpaceNavigator for Notebooks",
    (LOGITECH, 0xC629): "SpacePilot Pro",
    (LOGITECH, 0xC62B): "SpaceMouse Pro",
}
# The puck itself is elsewhere, and may be switched off.
RECEIVERS = frozenset({(CONNEXION, 0xC62F), (CONNEXION, 0xC632), (CONNEXION, 0xC652)})
