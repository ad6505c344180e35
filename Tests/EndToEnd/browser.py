"""Headless Chromium. As a script, checks whether it starts on this machine."""

import contextlib
import os
import shutil

from playwright.sync_api import sync_playwright


@contextlib.contextmanager
def launched():
    """The system's Chromium, or else Playwright's. It has no sandbox for root."""
    path = os.environ.get("HUBBUB_CHROMIUM") or shutil.which("chromium")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


if __name__ == "__main__":
    with launched() as browser:
        print(f"Chromium {browser.version}")
