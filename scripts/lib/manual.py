"""Makes manual pages from what a program says about its commands and options.

    manual.py FOLDER DATE VERSION < dump

The dump is what `hubbub --experimental-dump-help` prints. Each command gets a page: `hubbub.1`,
`hubbub-serve.1` and so on. The pages are in mdoc(7).
"""

import json
import re
import sys
import textwrap
from pathlib import Path

FILES = {
    "hubbub": [
        ("/etc/hubbub/hubbub.yaml", "The settings of the service."),
        ("/var/lib/hubbub", "The history of the service."),
    ],
}
COLUMNS = 100


def escaped(text: str) -> str:
    """A text that troff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    # The name of a variable isn't hyphenated.
    text = re.sub(r"\$?[A-Z]+_[A-Z_]+", lambda name: "\\%" + name[0], text)
    return "\\&" + text if text[:1] in (".", "'") else text


def quoted(text: str) -> str:
    """One argument of a macro."""
    return '"' + escaped(text).replace('"', '""') + '"'


def paragraphs(text: str) -> list[str]:
    """The lines of a text with empty lines between its paragraphs."""
    lines = []
    for paragraph in text.strip().split("\n\n"):
        lines.append(".Pp")
        if all(line.startswith("  ") for line in paragraph.splitlines()):
            lines += [".Bd -literal -offset indent", *map(escaped, paragraph.splitlines()), ".Ed"]
        else:
            lines += wrapped(" ".join(paragraph.split()))
    return lines[1:]


def wrapped(text: str) -> list[str]:
    """Lines of at most COLUMNS; a sentence begins a line, as mdoc wants it."""
    sentences = text.replace(". ", ".\n").splitlines()
    return [escaped(line) for sentence in sentences
            for line in textwrap.wrap(sentence, COLUMNS, break_on_hyphens=False)]


def shown(command: dict) -> list[dict]:
    """The arguments of a command that its help shows, except `--help` and `--version`."""
    return [each for each in command.get("arguments", [])
            if each.get("shouldDisplay", True) and each.get("valueName") not in ("help", "version")]


def is_positional(argument: dict) -> bool:
    return argument["kind"] == "positional"


def flags(argument: dict) -> str:
    """The names of an option, as arguments of a macro."""
    return " , ".join("Fl " + ("\\-" if name["kind"] == "long" else "") + escaped(name["name"])
                      for name in argument["names"])


def value(argument: dict) -> str:
    return f" Ar {escaped(argument['valueName'])}" if argument["kind"] == "option" else ""


def synopsis(words: list[str], command: dict) -> list[str]:
    lines = [f".Nm {words[0]}"] + [f".Cm {word}" for word in words[1:]]
    if any(not is_positional(each) for each in shown(command)):
        lines.append(".Op Ar options")
    for each in filter(is_positional, shown(command)):
        word = "Ar " + escaped(each["valueName"]) + (" ..." if each["isRepeating"] else "")
        lines.append((".Op " if each["isOptional"] else ".") + word)
    return lines


def description(argument: dict) -> list[str]:
    text = argument.get("abstract") or argument.get("discussion") or ""
    return wrapped(" ".join(text.split()))


def options(command: dict) -> list[str]:
    """The lists of arguments and options, each list below the title of its group."""
    groups: dict[str, list[dict]] = {}
    for each in shown(command):
        groups.setdefault(each.get("sectionTitle") or "", []).append(each)
    lines = []
    for title, members in groups.items():
        lines += [".Pp", f".Sy {quoted(title)}"] if title else []
        lines.append(".Bl -tag -width Ds")
        for each in members:
            name = f"Ar {escaped(each['valueName'])}" if is_positional(each) else flags(each)
            lines += [f".It {name}{value(each)}", *description(each)]
        lines.append(".El")
    return lines


def subcommands(command: dict) -> list[dict]:
    return [each for each in command.get("subcommands", [])
            if each["commandName"] != "help" and each.get("shouldDisplay", True)]


def command_list(words: list[str], command: dict) -> list[str]:
    lines = [".Pp", "The commands, each with a page of its own, are:", ".Bl -tag -width Ds"]
    for each in subcommands(command):
        name = each["commandName"]
        lines += [f".It Cm {escaped(name)}", *wrapped(each.get("abstract", "")),
                  f".Xr {words[0]}-{name} 1"]
    return lines + [".El"]


def body(words: list[str], command: dict) -> list[str]:
    """What a command does, and its options."""
    lines = wrapped(command.get("abstract", ""))
    if command.get("discussion"):
        lines += [".Pp", *paragraphs(command["discussion"])]
    return lines + options(command)


def page(words: list[str], command: dict, date: str, version: str) -> str:
    name = "-".join(words)
    nested = subcommands(command)
    abstract = (command.get("abstract") or name).rstrip(".")
    lines = [
        ".\\\" Made from the help of the program by scripts/lib/manual.py.",
        f".Dd {date}", f".Dt {name.upper()} 1", f".Os {words[0]} {version}",
        ".Sh NAME", f".Nm {name}", f".Nd {escaped(abstract[:1].lower() + abstract[1:])}",
        ".Sh SYNOPSIS",
    ]
    if nested:
        for each in nested:
            lines += synopsis([*words, each["commandName"]], each)
    else:
        lines += synopsis(words, command)
    lines += [".Sh DESCRIPTION", *body(words, command)]
    if nested and len(words) == 1:
        lines += command_list(words, command)
    elif nested:
        for each in nested:
            inner = [*words, each["commandName"]]
            lines += [f".Ss {escaped(' '.join(inner))}", *body(inner, each)]
    if name in FILES:
        lines += [".Sh FILES", ".Bl -tag -width Ds"]
        for path, meaning in FILES[name]:
            lines += [f".It Pa {escaped(path)}", meaning]
        lines.append(".El")
    others = [f"{words[0]}-{each['commandName']}" for each in nested] if len(words) == 1 \
        else [words[0]]
    if name == "hubbub":
        others.append("hubbub-load")
    elif name == "hubbub-load":
        others.append("hubbub")
    if others:
        lines += [".Sh SEE ALSO"]
        lines += [f".Xr {each} 1" + ("" if each == max(others) else " ,")
                  for each in sorted(others)]
    return "\n".join(lines) + "\n"


def main(folder: str, date: str, version: str):
    root = json.load(sys.stdin)["command"]
    words = [root["commandName"]]
    pages = {tuple(words): root}
    for each in subcommands(root):
        pages[*words, each["commandName"]] = each
    for name, command in pages.items():
        text = page(list(name), command, date, version)
        (Path(folder) / ("-".join(name) + ".1")).write_text(text)


main(*sys.argv[1:])
