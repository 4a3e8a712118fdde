"""What organisations call their capabilities, by the code of the taxonomy that comes nearest."""

WORDS = {
    "TX01": (
        "electric propulsion, launch services, launch vehicles, launchers, rocket engines, service modules, small "
        "launchers, space access"
    ),
    "TX03": "radioisotope power",
    "TX04": "exploration rovers, lunar rovers, robotics, robotics and automation, rovers, space robotics",
    "TX05": (
        "antennas, communications, communications satellites, deep space network, quantum communication, satellite "
        "communications, space situational awareness, tracking and telemetry"
    ),
    "TX06": (
        "astronaut programme, astronaut training, crew transport, human spaceflight, pressurised modules, space "
        "laboratory, space stations"
    ),
    "TX07": (
        "asteroid exploration, lunar exploration, lunar orbiters, lunar programme, lunar sample return, mars "
        "exploration, planetary exploration, planetary missions, planetary spacecraft, sample return, space "
        "resources"
    ),
    "TX08": (
        "altimeters, altimetry, astrobiology instruments, earth observation, earth observation satellites, "
        "environmental sensors, gamma-ray and neutron spectrometers, ground-penetrating radar, hyperspectral "
        "imaging, l-band radar, magnetospheric physics, mars science, meteorological satellites, planetary "
        "instruments, radar, radar instruments, radar payloads, radar remote sensing, radar satellites, remote "
        "sensing, satellite payloads, sensing, soft x-ray imaging, space instrumentation, space science, space "
        "science satellites, space telescopes, space weather, synthetic aperture radar, x-ray optics"
    ),
    "TX09": "entry descent and landing, landers, lunar landing, planetary landers",
    "TX10": "remote operations",
    "TX11": "climate data records, disaster mapping, earth observation services, systems engineering",
    "TX12": (
        "satellite buses, satellite development, satellite systems, small satellites, space engineering, "
        "spacecraft buses, spacecraft platforms"
    ),
    "TX13": (
        "equatorial launch site, ground segment, ground stations, launch base, mission control, mission "
        "operations, operations, satellite integration, test facilities"
    ),
    "TX15": "aeronautics, aerospace engineering",
    "TX17": (
        "astrodynamics, fine guidance sensors, navigation, orbit determination, satellite navigation, space geodesy"
    ),
}

# Policy, regulation and capacity building have no code.
NEAREST = {words: code for code, listed in WORDS.items() for words in listed.split(", ")}
