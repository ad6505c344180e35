"""Every setting: its flag, its environment variable, its default with a unit, and its bounds."""

import re

import pytest

from daemon import run

EX_USAGE = 64
EX_CANTCREAT = 73

# The directory is checked last: a start that fails there has accepted all settings.
NOWHERE = ("--data", "/dev/null/nowhere")

# Flag, default in the help, accepted values, refused values.
SETTINGS = [
    ("--port", "8080", ["0", "1", "65535"], ["-1", "65536", "http", "80.0"]),
    ("--hsts", "0", ["0"], ["-1", "63072001", "0.5", "forever"]),
    ("--log-level", "info", ["trace", "ERROR"], ["loud"]),
    ("--log-format", "text", ["text", "json"], ["JSON", "logfmt"]),
    ("--allow-origin", "any", ["https://a.example", "http://a:3000,https://b", "https://a/"],
     ["a.example", "https://a/b", "https://ä.example", "*"]),
    ("--trusted-proxies", "none", ["127.0.0.1", "10.0.0.0/8,2001:db8::/32", "localhost", "[::1]"],
     ["300.1.1.1", "10.0.0.0/33", "proxy.example", ","]),
    ("--forwarded-header", "x-forwarded-for", ["forwarded", "X-Forwarded-For"], ["x-real-ip"]),
    ("--compression", "on", ["on", "off"], ["yes", "1"]),
    ("--auth", "optional", ["optional", "required", "off"], ["on", "Required"]),
    ("--token-issuer", "any", ["https://id.example"], []),
    ("--token-audience", "any", ["chat"], []),
    ("--token-cookie", "none", ["session"], []),
    ("--reserved-names", "none", ["admin", "admin,moderator"], [","]),
    ("--ban-ipv4-bits", "32", ["8", "24"], ["7", "33"]),
    ("--ban-ipv6-bits", "64", ["16", "128"], ["15", "129"]),
    ("--undo-minutes", "10", ["0", "0.05", "10080"], ["-1", "10081", "soon"]),
    ("--check-url", "none", ["https://a.example/check", "http://127.0.0.1:9/"],
     ["a.example", "ftp://a.example/"]),
    ("--check-timeout", "2", ["0.01", "30", "500ms"], ["0", "31", "soon"]),
    ("--check-failure", "allow", ["allow", "hold", "refuse"], ["deny"]),
    # `none` needs no directory.
    ("--history", "sqlite", ["sqlite"], ["some", "SQLite"]),
    ("--durability", "process", ["process", "power"], ["disk"]),
    ("--retain-days", "7 days", ["0", "36500", "7 days"], ["-1", "36501", "0.5"]),
    ("--retain-lines", "10000 lines", ["0", "1000000000"], ["-1", "1000000001"]),
    ("--max-history-bytes", "0, half of what is free", ["0", "1MiB", "16384GiB", "10g"],
     ["-1", "1048575", "16385GiB", "10gb"]),
    ("--node-name", "the host's name and the port", ["web1", "a.b_c-D"], ["a b", "ä", "a" * 65]),
    ("--cluster-wait", "0", ["0", "16"], ["-1", "17", "all"]),
    ("--max-resume-lines", "10000 lines", ["0", "100000000"], ["-1", "100000001"]),
    ("--max-message-bytes", "64KiB", ["1", "4MiB", "4096 KiB", "64k"], ["0", "4194305", "64kb", "1e3"]),
    ("--max-text-characters", "2000 characters", ["0", "10000"], ["-1", "4194305", "many"]),
    ("--max-username-characters", "32 characters", ["0", "65536"], ["-1", "65537"]),
    ("--max-rooms", "16 rooms", ["0", "10000"], ["-1", "10001"]),
    ("--lines-per-second", "5 lines/s", ["0", "1000000"], ["-1", "1000001", "0.5"]),
    ("--line-burst", "10 lines", ["1", "1000000"], ["0", "1000001"]),
    ("--bytes-per-second", "0, no limit", ["0", "1", "1GiB"], ["-1", "2GiB"]),
    ("--cost-per-second", "2000 units/s", ["0", "1000000"], ["-1", "1000001"]),
    ("--cost-burst", "20000 units", ["1", "1000000"], ["0", "1000001"]),
    ("--errors-per-minute", "20 commands/min", ["0", "1000000"], ["-1", "1000001"]),
    ("--max-connections", "0, descriptors - 64", ["0", "1"], ["-1", "10000001"]),
    ("--max-connections-per-address", "0, no limit", ["0", "10000000"], ["-1", "10000001"]),
    ("--handshakes-per-second-per-address", "0, no limit", ["0", "1000000"], ["-1", "1000001"]),
    ("--max-head-bytes", "16KiB", ["1024", "1MiB"], ["1023", "1048577", "0"]),
    ("--max-body-bytes", "64KiB", ["1KiB", "16MiB"], ["1023", "16777217", "0"]),
    ("--handshake-timeout", "10s", ["0.1", "86400", "2s"], ["0", "0.09", "86400.001", "1e3"]),
    ("--message-timeout", "30s", ["0.1", "86400"], ["0", "86401", "nan"]),
    ("--keep-alive-timeout", "30s", ["0.125", "86400"], ["0", "86401", "-0.5"]),
    ("--close-timeout", "5s", ["0.1", "86400", "5m", "500ms"], ["0", "86401", "1w"]),
    ("--ping-interval", "25s", ["0", "0.1", "86400"], ["-1", "86401", "0.05"]),
    ("--pong-timeout", "10s", ["0.1", "86400"], ["0", "86401"]),
    ("--slow-timeout", "10s", ["0.1", "86400"], ["0", "86401", "0.0001"]),
    ("--debt-timeout", "30s", ["0", "0.1", "86400"], ["-1", "86401"]),
    ("--high-watermark", "256KiB", ["128KiB", "1GiB"], ["1023", "1073741825"]),
    ("--low-watermark", "64KiB", ["1", "262143"], ["0", "1073741825"]),
    ("--control-watermark", "64KiB", ["1KiB", "1GiB"], ["0", "1073741825"]),
    ("--room-log-bytes", "1MiB", ["1KiB", "1GiB"], ["0", "1073741825"]),
    ("--max-coalesce-ms", "20 ms", ["0", "1000"], ["-1", "1001"]),
    ("--compression-budget", "512MiB", ["0", "1KiB", "1024GiB"], ["1", "1023", "1025GiB"]),
    ("--buffer-budget", "1GiB", ["256KiB", "1024GiB"], ["65535", "1025GiB", "9999999999GiB"]),
]


def variable(flag: str) -> str:
    return "HUBBUB" + flag.removeprefix("-").replace("-", "_").upper()


def complaint(result, status: int) -> str:
    """The only line that a failed start printed."""
    assert result.returncode == status, result.stderr
    assert result.stderr.count("\n") == 1 and result.stderr.endswith("\n"), result.stderr
    return result.stderr


@pytest.fixture(scope="module")
def help_text() -> str:
    """The help, with spaces instead of line breaks."""
    return " ".join(run("--help").stdout.split())


@pytest.mark.parametrize("flag, default, accepted, refused", SETTINGS)
def test_the_help_has_flag_default_and_variable(help_text, flag, default, accepted, refused):
    name = variable(flag)
    assert re.search(
        rf"{flag} <[a-z]+> [^<]*\(default: {re.escape(default)}; [^<]*; {name}\)", help_text)


def test_the_help_has_no_other_flags(help_text):
    flags = set(re.findall(r"(--[a-z0-9-]+) <", help_text))
    assert flags == {flag for flag, *_ in SETTINGS} | {
        "--host", "--data", "--config", "--tls-certificate", "--tls-key", "--tls-listen",
        "--cluster", "--check-secret-file", "--token-secret-file", "--token-public-key-file",
        "--token-jwks-file",
        "--token-jwks-url", "--api-key-file", "--admin-listen", "--metrics-token",
        "--metrics-token-file"}


@pytest.mark.parametrize("flag, default, accepted, refused", SETTINGS)
def test_values_within_the_bounds_are_accepted(flag, default, accepted, refused):
    for value in accepted:
        assert "/dev/null/nowhere" in complaint(run(flag, value, *NOWHERE), EX_CANTCREAT)
        by_variable = run("serve", *NOWHERE, **{variable(flag): value})
        assert "/dev/null/nowhere" in complaint(by_variable, EX_CANTCREAT)


@pytest.mark.parametrize("flag, default, accepted, refused", SETTINGS)
def test_values_outside_the_bounds_are_named(flag, default, accepted, refused):
    for value in refused:
        by_flag = complaint(run(flag, value, *NOWHERE), EX_USAGE)
        assert by_flag.startswith(f"hubbub: {flag} {value}: ")
        by_variable = complaint(run(*NOWHERE, **{variable(flag): value}), EX_USAGE)
        assert by_variable.startswith(f"hubbub: {variable(flag)}={value}: ")


@pytest.mark.parametrize("flag, default, accepted, refused", SETTINGS)
def test_a_flag_overrides_its_variable_and_an_empty_variable_is_ignored(
        flag, default, accepted, refused):
    if refused:
        complaint(run(flag, accepted[0], *NOWHERE, **{variable(flag): refused[0]}), EX_CANTCREAT)
    complaint(run(*NOWHERE, **{variable(flag): ""}), EX_CANTCREAT)


@pytest.mark.parametrize("arguments, environment, named", [
    (["--low-watermark", "256KiB"], {}, ["--low-watermark 256KiB", "--high-watermark 256KiB"]),
    ([], {"HUBBUB_HIGH_WATERMARK": "65536"}, ["HUBBUB_HIGH_WATERMARK=65536", "--low-watermark"]),
    (["--buffer-budget", "200000"], {}, ["--buffer-budget 200000", "--high-watermark"]),
    (["--control-watermark", "1GiB", "--buffer-budget", "1MiB"], {},
     ["--control-watermark 1GiB", "--buffer-budget 1MiB"]),
])
def test_limits_that_contradict_each_other_are_named(arguments, environment, named):
    line = complaint(run(*arguments, *NOWHERE, **environment), EX_USAGE)
    assert all(each in line for each in named)


def test_more_connections_than_descriptors_names_the_remedy():
    line = complaint(run("--max-connections", "10000000", *NOWHERE), EX_USAGE)
    assert "--max-connections 10000000" in line and "ulimit -n" in line


@pytest.mark.parametrize("arguments, named", [
    (["--no-such-flag"], "--no-such-flag"),
    (["serve", "--no-such-flag", "1"], "--no-such-flag"),
    (["serve", "extra"], "extra"),
    (["surf"], "surf"),
    (["--port"], "--port"),
    (["--host", ""], "--host"),
    (["--data", ""], "--data"),
    (["--port", "1\n2"], "--port"),
])
def test_invalid_arguments_are_named(arguments, named):
    assert named in complaint(run(*arguments), EX_USAGE)


def test_an_unknown_host_is_named():
    line = complaint(run("--port", "0", "--host", "no host", "--data", "/tmp"), 68)
    assert "--host no host" in line


@pytest.mark.parametrize("environment, expected", [
    ({"STATE_DIRECTORY": "/dev/null/a:/dev/null/b"}, "/dev/null/a"),
    ({"STATE_DIRECTORY": "", "XDG_STATE_HOME": "/dev/null/xdg"}, "/dev/null/xdg"),
    ({"STATE_DIRECTORY": "", "XDG_STATE_HOME": "", "HOME": "/dev/null/home"},
     "/dev/null/home/.local/state/hubbub"),
    ({"STATE_DIRECTORY": "", "XDG_STATE_HOME": "relative", "HOME": ""}, "--data"),
])
def test_the_default_directory(environment, expected):
    assert expected in complaint(run("--port", "0", **environment), EX_CANTCREAT)


def test_version():
    for arguments in ["--version"], ["serve", "--version"]:
        result = run(*arguments)
        assert result.returncode == 0 and re.fullmatch(r"hubbub \d+\.\d+\.\d+\n", result.stdout)
