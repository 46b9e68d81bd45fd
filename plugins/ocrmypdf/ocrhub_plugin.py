# SPDX-License-Identifier: Apache-2.0
"""OCRmyPDF plugin that sends each page to a running ocrhub server.

    ocrmypdf --plugin ./ocrhub_plugin.py --ocrhub-url http://127.0.0.1:8868/predict/ocr_system in.pdf out.pdf

It needs OCRmyPDF 17 or later, and neither tesseract nor another package. README.md beside this file has the options.
"""

from __future__ import annotations

import base64
import http.client
import itertools
import json
import logging
import math
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from statistics import median

from ocrmypdf import hookimpl
from ocrmypdf.builtin_plugins.tesseract_ocr import TesseractOptions
from ocrmypdf.exceptions import BadArgsError, ExitCodeException, MissingDependencyError
from ocrmypdf.models.ocr_element import Baseline, BoundingBox, OcrClass, OcrElement
from ocrmypdf.pluginspec import OcrEngine, OrientationConfidence
from PIL import Image

log = logging.getLogger(__name__)

PLUGIN_VERSION = '1.0'
DEFAULT_URL = 'http://127.0.0.1:8868/predict/ocr_system'
DEFAULT_TIMEOUT_S = 300.0
CONNECT_CHECK_TIMEOUT_S = 10
MAX_PAUSE_S = 30.0
MAX_CONNECTION_ATTEMPTS = 4
BUSY = (429, 503)
# Parts of a line's height by which its end may lie higher or lower than its start, and it still counts as level.
MAX_DRIFT = 0.25


# ---- Hooks ----------------------------------------------------------------------------------------------------------


@hookimpl
def initialize(plugin_manager):
    """Blocks the tesseract plugin, which refuses to run where tesseract is not installed."""
    plugin_manager.set_blocked('ocrmypdf.builtin_plugins.tesseract_ocr')


@hookimpl
def register_options():
    # OCRmyPDF itself reads options.tesseract, and its callers pass --tesseract-* flags.
    return {'tesseract': TesseractOptions}


@hookimpl
def add_options(parser):
    TesseractOptions.add_arguments_to_parser(parser)
    group = parser.add_argument_group('ocrhub', 'Reading with an ocrhub server. The token is read from OCRHUB_TOKEN.')
    group.add_argument(
        '--ocrhub-url',
        metavar='URL',
        default=os.environ.get('OCRHUB_URL', DEFAULT_URL),
        help=f'address of the module (default: OCRHUB_URL, or {DEFAULT_URL})',
    )
    group.add_argument(
        '--ocrhub-timeout',
        metavar='SECONDS',
        type=float,
        default=DEFAULT_TIMEOUT_S,
        help=f'maximum time for one page, with retries (default: {DEFAULT_TIMEOUT_S:.0f})',
    )


@hookimpl
def check_options(options):
    if options.ocr_engine == 'none':
        return
    if options.ocr_engine == 'tesseract':
        raise BadArgsError('--ocr-engine tesseract and the plugin of ocrhub exclude each other: leave one of them out.')
    if options.pdf_renderer == 'sandwich':
        raise BadArgsError('The plugin of ocrhub has no renderer of its own: leave out --pdf-renderer sandwich.')
    server = Server.of(options)
    if server.timeout_s <= 0:
        raise BadArgsError(f'--ocrhub-timeout {server.timeout_s}: expected more than 0 seconds')
    if options.rotate_pages:
        log.warning('--rotate-pages has no effect: ocrhub does not detect the orientation of a page.')
    server.require_reachable()


@hookimpl
def get_ocr_engine(options):
    if options is not None and options.ocr_engine != 'auto':
        return None
    return OcrhubEngine()


class OcrhubEngine(OcrEngine):
    @staticmethod
    def version():
        return PLUGIN_VERSION

    @staticmethod
    def creator_tag(options):
        return 'ocrhub'

    def __str__(self):
        return f'ocrhub (plugin {PLUGIN_VERSION})'

    @staticmethod
    def languages(options):
        # With an empty set OCRmyPDF accepts every -l. The languages depend on the models of the server.
        return set()

    @staticmethod
    def get_orientation(input_file, options):
        return OrientationConfidence(angle=0, confidence=0.0)

    @staticmethod
    def get_deskew(input_file, options):
        return tilt_of_page(Server.of(options).read(input_file))

    @staticmethod
    def supports_generate_ocr():
        return True

    @staticmethod
    def generate_ocr(input_file, options, page_number=0):
        lines = Server.of(options).read(input_file)
        with Image.open(input_file) as image:
            width, height = image.size
            dpi = float(image.info.get('dpi', (72, 72))[0])
        page = OcrElement(
            ocr_class=OcrClass.PAGE,
            bbox=BoundingBox(0, 0, width, height),
            dpi=dpi,
            page_number=page_number,
            children=[line_element(line) for line in lines if line['text'].strip()],
        )
        return page, '\n'.join(line['text'] for line in lines)

    @staticmethod
    def generate_hocr(input_file, output_hocr, output_text, options):
        raise NotImplementedError('The plugin of ocrhub makes no hOCR files. It needs OCRmyPDF 17 or later.')

    @staticmethod
    def generate_pdf(input_file, output_pdf, output_text, options):
        raise NotImplementedError('The plugin of ocrhub makes no PDF files. Leave out --pdf-renderer sandwich.')


# ---- The server -----------------------------------------------------------------------------------------------------


class RefuseRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected request would carry the token to another host, and would lose its body."""

    def redirect_request(self, *args):
        return None


opener = urllib.request.build_opener(RefuseRedirects)


class Server:
    """The module of a server, as the options of OCRmyPDF name it."""

    def __init__(self, url, timeout_s, token):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ('http', 'https') or not parts.hostname or len(parts.path) < 2:
            raise BadArgsError(f'--ocrhub-url {url}: expected an address such as {DEFAULT_URL}')
        self.url = url
        self.timeout_s = timeout_s
        self.headers = {'Content-Type': 'application/json'}
        if token:
            self.headers['Authorization'] = f'Bearer {token}'

    @classmethod
    def of(cls, options):
        # OCRmyPDF's Python API leaves out the options that its caller does not name.
        url = getattr(options, 'ocrhub_url', None) or os.environ.get('OCRHUB_URL', DEFAULT_URL)
        timeout_s = getattr(options, 'ocrhub_timeout', None) or DEFAULT_TIMEOUT_S
        return cls(url, timeout_s, os.environ.get('OCRHUB_TOKEN', '').strip())

    def require_reachable(self):
        """Fails before the first page if no server listens. Any HTTP answer counts: a proxy may hide the health page."""
        health = urllib.parse.urljoin(self.url, '/health/ready')
        try:
            opener.open(health, timeout=CONNECT_CHECK_TIMEOUT_S).close()
        except urllib.error.HTTPError:
            pass
        except (OSError, http.client.HTTPException) as error:
            raise self.unreachable(error) from error

    def read(self, picture):
        """The lines in a picture file, in reading order."""
        with open(picture, 'rb') as file:
            image = base64.b64encode(file.read()).decode('ascii')
        answer = self.post(json.dumps({'images': [image], 'return_word_box': True}).encode('ascii'))
        try:
            lines = json.loads(answer)['results'][0]
            for line in lines:
                # Throws unless the text is a string.
                str.strip(line['text'])
                for region in [line['text_region'], *(word['region'] for word in line.get('words', ()))]:
                    if [len(point) for point in region] != [2, 2, 2, 2]:
                        raise ValueError(f'a region is {region}')
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise ExitCodeException(
                f'{self.url} did not answer with lines of text ({error!r}). The plugin needs a module such as ocr_system.'
            ) from error
        return lines

    def post(self, body):
        """Posts until the server answers, for at most the timeout. Reading a page twice changes nothing on the server."""
        deadline = time.monotonic() + self.timeout_s
        for attempt in itertools.count(1):
            left_s = max(deadline - time.monotonic(), 1)
            try:
                with opener.open(urllib.request.Request(self.url, body, self.headers), timeout=left_s) as answer:
                    return answer.read()
            except urllib.error.HTTPError as refusal:
                with refusal:
                    problem = self.refused(refusal)
                retries = refusal.code in BUSY
                pause_s = requested_pause_s(refusal.headers.get('Retry-After'), attempt)
            except (OSError, http.client.HTTPException) as error:
                problem = self.unreachable(error)
                retries = attempt < MAX_CONNECTION_ATTEMPTS
                pause_s = backoff_s(attempt)
            if not retries or time.monotonic() + pause_s > deadline:
                raise problem
            log.debug('ocrhub: attempt %d: %s Next attempt in %.1f s.', attempt, problem, pause_s)
            time.sleep(pause_s)

    def unreachable(self, error):
        reason = getattr(error, 'reason', None) or error
        return MissingDependencyError(
            f'Cannot reach the ocrhub server at {self.url}: {reason}\n'
            'Start one with `ocrhub serving start -m ocr_system`, or name another with --ocrhub-url.'
        )

    def refused(self, refusal):
        try:
            message = str(json.loads(refusal.read())['msg'])
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            # A proxy in front of the server answers in a form of its own.
            message = refusal.reason
        code = refusal.headers.get('X-Ocrhub-Error', '')
        hint = urllib.parse.unquote(refusal.headers.get('X-Ocrhub-Hint', ''))
        if refusal.code == 401:
            hint = 'Set the environment variable OCRHUB_TOKEN to the token of the server.'
        text = f'{self.url} answered with {refusal.code}{code and f" ({code})"}: {message}'
        return ExitCodeException(f'{text}\n{hint}' if hint else text)


def requested_pause_s(retry_after, attempt):
    """Seconds of the header Retry-After; the server of ocrhub sends whole seconds."""
    if retry_after is not None and retry_after.strip().isdigit():
        return min(float(retry_after), MAX_PAUSE_S)
    return backoff_s(attempt)


def backoff_s(attempt):
    return min(0.5 * 2**attempt, MAX_PAUSE_S)


# ---- Lines and words ------------------------------------------------------------------------------------------------


def line_element(line):
    """A line in the form that OCRmyPDF draws correctly at any angle.

    OCRmyPDF takes the size of the letters from the height of a line's box. The upright box around a tilted line is too
    high for that. So the boxes of lines and words are given as if the line were turned upright about a corner, and
    `textangle` (quarter turns) and the slope of the base line hold the angle.
    """
    angle = reading_angle(line)
    quarter = round(angle / 90)
    slope = min(max(math.tan(math.radians(angle - 90 * quarter)), -1.0), 1.0)
    outline = Placed(line['text_region'], angle)
    if abs(slope) * outline.width < MAX_DRIFT * outline.height:
        # The tilt of a short line may be the rounding of its corners, and pdftotext splits words where a line drifts.
        angle, slope = 90 * quarter, 0.0
        outline = Placed(line['text_region'], angle)
    words = words_of(line)
    return OcrElement(
        ocr_class=OcrClass.LINE,
        bbox=outline.box(quarter, hang_below=False),
        textangle=float(-90 * quarter),
        # Letters stand on about the lowest fifth of a line's height.
        baseline=Baseline(slope=slope, intercept=-0.2 * outline.height),
        children=[
            OcrElement(
                ocr_class=OcrClass.WORD,
                bbox=Placed(word['region'], angle).box(quarter, hang_below=slope > 0),
                text=word['text'],
                confidence=word['confidence'],
            )
            for word in words
        ],
    )


class Placed:
    """A region in the frame of its line: `along` runs in reading direction, `across` from the top of the letters down."""

    def __init__(self, region, angle):
        self.angle = math.radians(angle)
        along = [x * math.cos(self.angle) + y * math.sin(self.angle) for x, y in region]
        across = [y * math.cos(self.angle) - x * math.sin(self.angle) for x, y in region]
        self.start, self.top, self.bottom = min(along), min(across), max(across)
        self.width = max(max(along) - self.start, 1.0)
        self.height = max(self.bottom - self.top, 1.0)

    def box(self, quarter, hang_below):
        """A box of the region's true width and height, turned by quarters only.

        The box shares the region's first upper corner if `hang_below`, otherwise its first lower corner. OCRmyPDF projects
        the corners of a word's box onto the base line; with the right corner shared, the word begins at its place.
        """
        across = self.top if hang_below else self.bottom
        x = self.start * math.cos(self.angle) - across * math.sin(self.angle)
        y = self.start * math.sin(self.angle) + across * math.cos(self.angle)
        # One unit along and one across, after the quarter turns.
        cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarter % 4]
        far = self.height if hang_below else -self.height
        corner_x, corner_y = x + self.width * cos - far * sin, y + self.width * sin + far * cos
        return BoundingBox(min(x, corner_x), min(y, corner_y), max(x, corner_x), max(y, corner_y))


def reading_angle(line):
    """Degrees by which a line is turned clockwise, from its longer side and the order of its words."""
    (tlx, tly), (trx, try_), (brx, bry), (blx, bly) = line['text_region']
    words = line.get('words') or [{'text': line['text'], 'region': line['text_region']}]
    wide = trx - tlx + brx - blx, try_ - tly + bry - bly
    tall = blx - tlx + brx - trx, bly - tly + bry - try_
    dx, dy = wide
    # The recognizer reads a region downward if it is 1.5 times as high as wide.
    if math.hypot(*tall) >= 1.5 * math.hypot(*wide):
        dx, dy = tall
    first, last = center_of(words[0]['region']), center_of(words[-1]['region'])
    if (last[0] - first[0]) * dx + (last[1] - first[1]) * dy < 0 and not is_right_to_left(words):
        dx, dy = -dx, -dy
    return math.degrees(math.atan2(dy, dx))


def center_of(region):
    return sum(x for x, _ in region) / 4, sum(y for _, y in region) / 4


def is_right_to_left(words):
    return any('\u0590' <= letter <= '\u08ff' for word in words for letter in word['text'])


def words_of(line):
    """The words of a line, joined where OCRmyPDF would put a space that the line does not have.

    The server gives each Chinese, Japanese or Korean character as a word, and splits where the script changes. OCRmyPDF
    writes a space between two words unless both are of these scripts.
    """
    text = line['text']
    joined, end = [], 0
    for word in line.get('words', ()):
        start = text.find(word['text'], end)
        if start < 0:
            # The words are not in the order of the text: the whole line is selected as one.
            joined = []
            break
        has_space = text[end:start].strip() == '' and start > end
        end = start + len(word['text'])
        previous = joined[-1] if joined else None
        is_east_asian_pair = previous and is_east_asian(previous['text']) and is_east_asian(word['text'])
        if previous and not has_space and not is_east_asian_pair:
            joined[-1] = join(previous, word)
            continue
        if is_east_asian_pair and has_space:
            # OCRmyPDF writes no space here by itself.
            previous['text'] += ' '
        joined.append({'text': word['text'], 'confidence': word.get('confidence'), 'region': word['region']})
    return joined or [{'text': text, 'confidence': line.get('confidence'), 'region': line['text_region']}]


def join(left, right):
    """Two neighbors as one word. The first has the left corners and the last the right ones, also on tilted lines."""
    confidences = [word['confidence'] for word in (left, right) if word.get('confidence') is not None]
    a, b = left['region'], right['region']
    return {
        'text': left['text'] + right['text'],
        'confidence': min(confidences, default=None),
        'region': [a[0], b[1], b[2], a[3]],
    }


def is_east_asian(text):
    return all(
        '\u3000' <= letter <= '\u30ff' or '\u3400' <= letter <= '\u4dbf' or '\u4e00' <= letter <= '\u9fff'
        or '\uac00' <= letter <= '\ud7af' or '\uff00' <= letter <= '\uffef'
        for letter in text
    )  # fmt: skip


def tilt_of_page(lines):
    """Degrees by which a page must be turned counter-clockwise: the median of its long, roughly level lines."""
    tilts = []
    for line in lines:
        (tlx, tly), (trx, try_), _, (blx, bly) = line['text_region']
        if math.hypot(trx - tlx, try_ - tly) >= 4 * math.hypot(blx - tlx, bly - tly):
            tilts.append(math.degrees(math.atan2(try_ - tly, trx - tlx)))
    return median([tilt for tilt in tilts if abs(tilt) < 45] or [0.0])
