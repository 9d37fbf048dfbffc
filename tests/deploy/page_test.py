"""The page of `ferbench serve` in headless Chromium: camera, photograph, burst,
upload, no face, no camera, songs, keyboard, phone, light and dark.

--screenshots FOLDER keeps pictures of it."""
import sys
from pathlib import Path

from serving import Server, arguments, data_folder, skip

try:
    import cv2
    import numpy as np

    from browser import Browser, camera_file, find_browser
except ImportError as error:
    skip(f"{error.name} is not installed")


def gray_photo(path, width=640, height=480):
    """A photograph in the middle of a gray frame, as the camera would see it."""
    photo = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    scale = min(width / photo.shape[1], height / photo.shape[0])
    photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    frame = np.full((height, width), 110, np.uint8)
    top, left = (height - photo.shape[0]) // 2, (width - photo.shape[1]) // 2
    frame[top:top + photo.shape[0], left:left + photo.shape[1]] = photo
    return frame


class Shots:
    def __init__(self, folder):
        self.folder = Path(folder) if folder else None
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, browser, name):
        if self.folder:
            browser.screenshot(self.folder / f"serve-{name}.png")


def text(browser, element_id):
    return browser.evaluate(f"document.getElementById('{element_id}').textContent")


def fits(browser):
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), \
        "the page is wider than the window"


def check_camera(browser, shots):
    browser.click("camera-toggle")
    browser.wait("document.querySelectorAll('#boxes .box').length === 1")
    assert text(browser, "camera-toggle") == "Stop camera"
    assert "%" in text(browser, "word") or "not sure" in text(browser, "word")
    assert browser.evaluate("document.querySelectorAll('#bars li').length") >= 2
    # The box lies on the face, in the middle of the mirrored picture.
    left, width = browser.evaluate(
        "(() => { const s = document.querySelector('.box').style;"
        "return [parseFloat(s.left), parseFloat(s.width)]; })()")
    assert 15 < left + width / 2 < 85, (left, width)
    assert browser.evaluate("document.getElementById('video').currentTime > 0")
    shots.take(browser, "camera")


def check_photo_and_songs(browser, shots):
    browser.click("photo")
    browser.wait("!document.getElementById('still').hidden && !document.getElementById('recommend').disabled")
    assert text(browser, "photo") == "Back to video"
    browser.evaluate("(() => { const policy = document.getElementById('policy');"
                     "policy.value = 'valence_arousal';"
                     "policy.dispatchEvent(new Event('change')); })()")
    browser.click("recommend")
    browser.wait("document.querySelectorAll('#list li').length === 7 && "
                 "document.activeElement.id === 'songs'")
    links = browser.evaluate("[...document.querySelectorAll('#list a')].map((a) => a.href)")
    assert all(link.startswith("https://open.spotify.com/track/") for link in links), links
    shots.take(browser, "songs")
    return links


def check_player(browser, links):
    first = text(browser, "now")
    browser.click("skip")
    assert text(browser, "now") != first
    assert browser.evaluate("document.querySelector('[aria-current=true] .number').textContent") == "2"
    browser.click("play")
    # With a network a player, without one a text that says so with the link.
    browser.wait("!!document.querySelector('#frame iframe, #frame [role=status]')")
    if browser.evaluate("!!document.querySelector('#frame iframe')"):
        assert text(browser, "play") == "Pause"
        browser.click("play")
        assert not browser.evaluate("document.querySelector('#frame iframe')")
    else:
        assert "cannot be reached" in text(browser, "frame")
        assert links[1] in text(browser, "frame")
    browser.click("refresh")
    browser.wait("document.querySelectorAll('#list li').length === 7 && "
                 f"document.querySelector('#list a').href !== '{links[0]}'")
    others = browser.evaluate("[...document.querySelectorAll('#list a')].map((a) => a.href)")
    assert not set(links) & set(others), "songs were repeated"


def check_burst(browser):
    browser.click("photo")  # back to the video
    browser.wait("!document.getElementById('burst').disabled")
    browser.click("burst")
    browser.wait("!document.getElementById('burst-progress').hidden")
    browser.wait("document.getElementById('status').textContent.includes('with a face')")
    pictures, faces = [int(word) for word in text(browser, "status").replace(",", "").split()
                       if word.isdigit()][:2]
    assert 30 <= pictures <= 40 and faces >= 0.9 * pictures, text(browser, "status")
    browser.click("recommend")
    # The songs take the focus when they come, which scrolls to them.
    browser.wait("document.activeElement.id === 'songs' && "
                 "document.getElementById('songs-status').textContent.includes('songs for')")
    browser.click("camera-toggle")
    browser.wait("document.getElementById('camera-toggle').textContent === 'Start camera'")


def check_upload(browser, folder, shots):
    browser.choose_file("file", data_folder() / "faces" / "happy_2.jpg")
    browser.wait("document.querySelectorAll('#boxes .box').length === 1")
    assert browser.evaluate("document.getElementById('recommend').disabled") is False
    shots.take(browser, "upload")
    gray = folder / "gray.png"
    cv2.imwrite(str(gray), np.full((300, 400), 128, np.uint8))
    browser.choose_file("file", gray)
    browser.wait("document.getElementById('word').textContent === 'no face'")
    assert len(text(browser, "advice")) > 20
    assert browser.evaluate("document.getElementById('recommend').disabled")
    shots.take(browser, "no-face")
    damaged = folder / "damaged.jpg"
    damaged.write_bytes(b"no picture")
    browser.choose_file("file", damaged)
    browser.wait("document.getElementById('advice').textContent.includes('damaged.jpg')")


def check_keyboard(browser, address):
    """Every control is reached with Tab, in reading order, and has a name."""
    browser.open(address)
    reached = []
    for _ in range(12):
        browser.press("Tab")
        reached.append(browser.evaluate("document.activeElement.id || document.activeElement.className"))
    assert reached[:3] == ["jump", "camera-toggle", "file"], reached
    assert "policy" in reached, reached
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    for node in nodes:
        if node.get("role", {}).get("value") in ("button", "combobox", "link", "progressbar"):
            assert node.get("name", {}).get("value"), node
    live = browser.evaluate("document.querySelectorAll('[aria-live=polite]').length")
    assert live == 2
    browser.evaluate("document.getElementById('camera-toggle').focus()")
    browser.press("Enter")


def check_looks(browser, shots):
    """Neither too wide nor unreadable on a phone and in the dark."""
    for name, width, height, phone in (("phone", 390, 844, True), ("narrow", 320, 640, True),
                                       ("desktop", 1280, 900, False)):
        browser.resize(width, height, phone)
        fits(browser)
        for control in ("camera-toggle", "recommend", "policy"):
            high = browser.evaluate(f"document.getElementById('{control}').offsetHeight")
            assert high >= 44, (name, control, high)
        if name != "narrow":
            shots.take(browser, name)
    light = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    browser.dark()
    dark = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (light, dark) == ("rgb(246, 248, 250)", "rgb(13, 17, 23)")
    shots.take(browser, "dark")
    browser.resize(390, 844, True)
    shots.take(browser, "phone-dark")


def check_with_camera(address, photo, folder, shots):
    camera = folder / "camera.y4m"
    camera_file(camera, gray_photo(photo).tobytes())
    with Browser(camera) as browser:
        browser.resize(1280, 900)
        browser.open(address)
        assert "nothing is written to disk" in browser.evaluate("document.body.innerText")
        check_camera(browser, shots)
        links = check_photo_and_songs(browser, shots)
        check_player(browser, links)
        check_burst(browser)
        check_upload(browser, folder, shots)
        check_keyboard(browser, address)
        browser.wait("document.querySelectorAll('#boxes .box').length === 1")
        check_photo_and_songs(browser, Shots(None))
        check_looks(browser, shots)
        report(browser)


def check_without_camera(address):
    with Browser() as browser:
        browser.open(address)
        browser.click("camera-toggle")
        browser.wait("document.getElementById('advice').textContent.includes('camera')")
        assert text(browser, "camera-toggle") == "Start camera"
        report(browser)


def report(browser):
    """Without a network the question to Spotify fails, and only that."""
    problems = [p for p in browser.problems if "open.spotify.com" not in str(p)]
    assert not problems, problems


def main():
    parser = arguments()
    parser.add_argument("--screenshots", help="folder for pictures of the page")
    parser.add_argument("--photo", help="what the camera sees (default: a sample photograph)",
                        default=data_folder() / "faces" / "happy_1.jpg")
    options = parser.parse_args()
    if not find_browser():
        skip("no Chromium (Debian: chromium-headless-shell)")
    with Server(options.program, options.model) as server:
        folder = Path(server.folder.name)
        check_with_camera(server.address, options.photo, folder, Shots(options.screenshots))
        check_without_camera(server.address)
    print("the page works")


if __name__ == "__main__":
    sys.exit(main())
