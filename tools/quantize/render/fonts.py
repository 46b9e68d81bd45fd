"""The fonts that the calibration pictures are drawn with; all from Debian packages (see README.md)."""
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

ROOT = Path('/usr/share/fonts')
NOTO = 'opentype/noto/NotoS{}CJK-{}.ttc'
# The collections hold one face a country: 0 Japan, 2 China.
JAPAN, CHINA = 0, 2

CHINESE = [
    *((NOTO.format(kind, weight), CHINA) for kind in ('ans', 'erif') for weight in ('Regular', 'Bold')),
    ('truetype/arphic/ukai.ttc', 0),
    ('truetype/arphic/uming.ttc', 0),
]
JAPANESE = [
    *((NOTO.format(kind, weight), JAPAN) for kind in ('ans', 'erif') for weight in ('Regular', 'Bold')),
    ('opentype/ipaexfont-gothic/ipaexg.ttf', 0),
    ('opentype/ipaexfont-mincho/ipaexm.ttf', 0),
    ('truetype/dotgothic16/DotGothic16-Regular.ttf', 0),
]
LATIN = [
    *((f'truetype/liberation/Liberation{face}.ttf', 0) for face in (
        'Sans-Regular', 'Sans-Bold', 'Sans-Italic', 'Serif-Regular', 'Serif-Bold', 'Serif-Italic',
        'SansNarrow-Regular', 'Mono-Regular',
    )),
    *((f'truetype/dejavu/DejaVu{face}.ttf', 0) for face in ('Sans', 'Sans-Bold', 'Serif', 'SansMono')),
    *((f'truetype/roboto/unhinted/{face}.ttf', 0) for face in (
        'RobotoTTF/Roboto-Regular', 'RobotoTTF/Roboto-Light', 'RobotoCondensed-Regular',
    )),
    ('truetype/freefont/FreeSerif.ttf', 0),
]
# What tills print with: fixed width, narrow, dots, and the letters of laser printers.
RECEIPT = [
    *((f'truetype/liberation/Liberation{face}.ttf', 0) for face in (
        'Mono-Regular', 'Mono-Bold', 'SansNarrow-Regular', 'SansNarrow-Bold', 'Sans-Regular', 'Sans-Bold',
        'Serif-Regular',
    )),
    ('truetype/dejavu/DejaVuSansMono.ttf', 0),
    ('truetype/dejavu/DejaVuSansMono-Bold.ttf', 0),
    ('truetype/freefont/FreeMonoBold.ttf', 0),
    ('truetype/inconsolata/Inconsolata.otf', 0),
    ('opentype/courier-prime/Courier Prime.otf', 0),
    ('opentype/courier-prime/Courier Prime Bold.otf', 0),
    ('opentype/ocr-b/OCRB.otf', 0),
    ('truetype/dotgothic16/DotGothic16-Regular.ttf', 0),
]


@lru_cache(maxsize=512)
def font(face, size):
    """A face (file below /usr/share/fonts, number in its collection) at a size in pixels."""
    file, index = face
    if not (ROOT / file).exists():
        raise SystemExit(f'{ROOT / file} is missing. README.md says which Debian packages hold the fonts.')
    return ImageFont.truetype(str(ROOT / file), size, index=index, layout_engine=ImageFont.Layout.BASIC)
