"""The profile of one phase, read from callgrind's output."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


# Calls that are counted, by purpose. Calls that one of them makes for its own work aren't counted.
WATCHED = {
    "retain": {"swift_retain", "swift_retain_n", "swift_bridgeObjectRetain",
               "swift_bridgeObjectRetain_n", "swift_unknownObjectRetain"},
    "release": {"swift_release", "swift_release_n", "swift_bridgeObjectRelease",
                "swift_bridgeObjectRelease_n", "swift_unknownObjectRelease"},
    "unique": {"swift_isUniquelyReferenced_nonNull_native", "swift_isUniquelyReferenced_native",
               "swift_isUniquelyReferenced_nonNull", "swift_isUniquelyReferenced",
               "swift_isUniquelyReferenced_nonNull_bridgeObject",
               "swift_isUniquelyReferenced_bridgeObject"},
    "access": {"swift_beginAccess"},
    "malloc": {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign",
               "swift_allocObject", "swift_slowAlloc", "_mid_memalign.constprop.0"},
}


@dataclass
class Profile:
    """Instructions of the daemon, without those of the null kernel and of what it called."""

    phase: str
    instructions: int = 0
    # Watched calls, by purpose.
    calls: Counter = field(default_factory=Counter)
    # Watched calls, by purpose and caller.
    callers: Counter = field(default_factory=Counter)
    # Instructions, by function and library.
    functions: Counter = field(default_factory=Counter)

    def called(self, function: str, caller: str, count: int) -> None:
        for kind, functions in WATCHED.items():
            if function in functions and caller not in functions:
                self.calls[kind] += count
                self.callers[kind, caller] += count

    def spent(self, function: str, library: str, cost: int) -> None:
        self.instructions += cost
        self.functions[function, Path(library).name] += cost


def is_null_kernel(library: str) -> bool:
    return Path(library).name.startswith("null-kernel")


def read(path: Path) -> Profile | None:
    """The profile in a file of callgrind with uncompressed names. None if the file isn't of a
    phase."""
    profile = None
    library = function = called_library = called = ""
    is_call = False
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith("desc: Trigger: Client Request: "):
            profile = Profile(line.removeprefix("desc: Trigger: Client Request: "))
        if profile is None:
            continue
        key, _, value = line.partition("=")
        match key:
            case "ob":
                library = called_library = value
            case "fn":
                # A call stays in its caller's library unless the file says otherwise.
                function, called_library = value, library
            case "cob":
                called_library = value
            case "cfn":
                called = value
            case "calls":
                is_call = True
                if not is_null_kernel(library):
                    profile.called(called, function, int(value.split()[0]))
            case _ if key[:1].isdigit() or key[:1] in ("+", "-", "*"):
                # The cost of a line, or, after `calls`, of everything that was called.
                cost = int(line.split()[1])
                if not is_null_kernel(library):
                    if not is_call:
                        profile.spent(function, library, cost)
                elif is_call and not is_null_kernel(called_library):
                    profile.spent("what the null kernel calls", "", -cost)
                if is_call:
                    is_call, called_library = False, library
    return profile
