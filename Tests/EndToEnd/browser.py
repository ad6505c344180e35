"""Headless Chromium. As a script, checks whether it starts on this machine."""

import contextlib
import os
import shutil

from playwright.sync_api import sync_playwright

import secure


def launch(chromium, *arguments, **options):
    """The system's Chromium, or else Playwright's. It has no sandbox for root."""
    path = os.environ.get("HUBBUB_CHROMIUM") or shutil.which("chromium")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    # A browser has a list of authorities of its own.
    if secure.IS_ON:
        flags.append("--ignore-certificate-errors")
    return chromium.launch(executable_path=path, args=[*flags, *arguments], **options)


@contextlib.contextmanager
def launched():
    """A browser that is closed at the end."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


if __name__ == "__main__":
    with launched() as browser:
        print(f"Chromium {browser.version}")
