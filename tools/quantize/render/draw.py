"""Draws the calibration pictures: text lines and pages as cameras and scanners bring them."""
import io
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from render import fonts, texts

# name -> (what it says, its fonts)
KINDS = {
    'chinese': (texts.chinese, fonts.CHINESE),
    'japanese': (texts.japanese, fonts.JAPANESE),
    'english': (texts.english, fonts.LATIN),
    'french': (texts.french, fonts.LATIN),
    'number': (texts.number, fonts.LATIN),
    'receipt': (texts.receipt, fonts.RECEIPT),
    'till': (texts.receipt, fonts.RECEIPT),
}


def lines(kind, count, seed):
    """`count` pairs of text and picture (height x width x 3, uint8) of one kind. The same seed draws the same pixels."""
    random = Random(f'{kind} {seed}')
    say, faces = KINDS[kind]
    for _ in range(count):
        text = say(random)
        face = random.choice(faces)
        yield text, draw_till(text, face, random) if kind == 'till' else spoil(draw_line(text, face, random), random)


def draw_line(text, face, random):
    """One line, clean: dark on light, or the other way round in one of eight; some tilted by up to 2 degrees."""
    size = random.choice([14, 18, 22, 28, 36, 48])
    font = fonts.font(face, size)
    left, top, right, bottom = font.getbbox(text)
    # A detector's box is a little larger than the letters.
    around = [round(size * random.uniform(0.05, 0.3)) for _ in range(4)]
    paper, ink = colours(random)
    picture = Image.new('RGB', (max(8, right - left + around[0] + around[2]), bottom - top + around[1] + around[3]), paper)
    ImageDraw.Draw(picture).text((around[0] - left, around[1] - top), text, fill=ink, font=font)
    if random.random() < 0.25 and picture.width < 12 * picture.height:
        picture = picture.rotate(random.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=paper)
    return picture


def draw_till(text, face, random):
    """A line as a till's thermal or dot matrix printer leaves it and a camera takes it: small, faint, soft, poor JPEG."""
    size = random.randint(14, 24)
    font = fonts.font(face, size)
    left, top, right, bottom = font.getbbox(text)
    around = [random.randint(1, 5) for _ in range(4)]
    paper = random.randint(170, 250)
    picture = Image.new('L', (max(8, right - left + around[0] + around[2]), bottom - top + around[1] + around[3]), paper)
    ink = paper - random.randint(50, 170)
    ImageDraw.Draw(picture).text((around[0] - left, around[1] - top), text, fill=ink, font=font)
    values = np.asarray(picture, np.float32)[:, :, None] * shadow((picture.height, picture.width), random)
    noise = np.random.default_rng(random.getrandbits(32))
    if random.random() < 0.25:  # pins leave dots: every second or third row is paler
        rows = values[:: random.randint(2, 3)]
        rows += (paper - rows) * random.uniform(0.2, 0.6)
    if random.random() < 0.3:
        values = np.where(noise.random(values.shape) < random.uniform(0.02, 0.1), (values + paper) / 2, values)
    values = np.clip(values + noise.normal(0, random.uniform(1, 8), values.shape), 0, 255).astype(np.uint8)
    soft = Image.fromarray(values[:, :, 0]).filter(ImageFilter.GaussianBlur(random.uniform(0.5, 1.5)))
    return jpeg(soft.convert('RGB'), random.randint(40, 70))


def colours(random):
    """Paper and ink: from black on white to faint thermal print."""
    bright = random.randint(190, 255)
    tint = [random.randint(-18, 0) for _ in range(3)] if random.random() < 0.5 else [0, 0, 0]
    dark = random.choice([random.randint(0, 60), random.randint(60, 130)])
    paper = tuple(max(0, bright + part) for part in tint)
    ink = tuple(min(255, max(0, dark + random.randint(-15, 15))) for _ in range(3))
    return (ink, paper) if random.random() < 0.125 else (paper, ink)


def spoil(picture, random):
    """What happens to a picture on its way, each now and then: shadow, worn print, small size, blur, noise, JPEG."""
    values = np.asarray(picture, np.float32)
    noise = np.random.default_rng(random.getrandbits(32))
    if random.random() < 0.4:
        values = values * shadow(values.shape, random)
    if random.random() < 0.2:
        worn = noise.random(values.shape[:2])[:, :, None] < random.uniform(0.02, 0.15)
        values = np.where(worn, values * 0.5 + 120, values)
    picture = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    if random.random() < 0.4:
        share = random.uniform(0.6, 0.95)
        size = max(8, round(picture.width * share)), max(10, round(picture.height * share))
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    if random.random() < 0.4:
        picture = picture.filter(ImageFilter.GaussianBlur(picture.height * random.uniform(0.005, 0.03)))
    if random.random() < 0.4:
        values = np.asarray(picture, np.float32)
        values = values + noise.normal(0, random.uniform(2, 12), values.shape[:2] + (1,))
        picture = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    if random.random() < 0.6:
        return jpeg(picture, random.randint(35, 92))
    return np.asarray(picture)


def jpeg(picture, quality):
    """What a picture looks like once it was saved: height x width x 3, uint8."""
    file = io.BytesIO()
    picture.save(file, 'JPEG', quality=quality)
    return np.asarray(Image.open(file).convert('RGB'))


def shadow(shape, random):
    """Light that falls off to one side: factors of shape [height, width, 1]."""
    across = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    return (1 + random.uniform(-0.2, 0.2) * across + random.uniform(-0.2, 0.2) * down - 0.1)[:, :, None]


def pages(count, seed):
    """`count` pictures of whole pages: receipts, articles and signs in turn."""
    random = Random(f'pages {seed}')
    for number in range(count):
        draw = (receipt_page, receipt_page, article_page, sign_page)[number % 4]
        page = draw(random)
        if random.random() < 0.5:
            page = page.rotate(random.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=page.getpixel((2, 2)))
        # Blur goes by the height of a line, and a page has about forty.
        yield spoil_page(page, random)


def nearly_empty_pages(count, seed):
    """`count` pictures of pages with one to four lines and nothing else, white, grey, or dark."""
    random = Random(f'nearly empty pages {seed}')
    texts = [line for kind in KINDS for _, line in lines(kind, 16, seed)]
    for number in range(count):
        width, height = ((1440, 1920), (1920, 1080), (960, 1280), (2480, 3508))[number % 4]
        page = np.full((height, width, 3), random.choice((255, 255, 245, 230, 30)), np.uint8)
        for _ in range(random.randint(1, 4)):
            line = random.choice([line for line in texts if line.shape[1] < width])
            top, left = random.randrange(height - line.shape[0]), random.randrange(width - line.shape[1])
            page[top : top + line.shape[0], left : left + line.shape[1]] = line
        yield page


def spoil_page(page, random):
    values = np.asarray(page, np.float32)
    if random.random() < 0.5:
        values = values * shadow(values.shape, random)
    page = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    if random.random() < 0.4:
        page = page.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.0)))
    noise = np.random.default_rng(random.getrandbits(32))
    if random.random() < 0.5:
        values = np.asarray(page, np.float32)
        values = values + noise.normal(0, random.uniform(2, 10), values.shape[:2] + (1,))
        page = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    return jpeg(page, random.randint(50, 92))


def receipt_page(random):
    """A till receipt of 25 to 50 lines on its paper; some lie on a dark table."""
    width, size = random.randint(420, 640), random.randint(13, 20)
    font = fonts.font(random.choice(fonts.RECEIPT), size)
    big = fonts.font(random.choice(fonts.RECEIPT), size + random.randint(4, 12))
    count = random.randint(25, 50)
    step = round(size * random.uniform(1.15, 1.7))
    bright = random.randint(215, 255)
    paper = Image.new('RGB', (width, (count + 4) * step), (bright, bright, bright - random.randint(0, 12)))
    pen = ImageDraw.Draw(paper)
    ink = (random.randint(10, 110),) * 3
    for number in range(count):
        y = (number + 2) * step
        if number < 5:
            text = texts.receipt(random)
            used = big if number == 0 else font
            pen.text(((width - used.getlength(text)) / 2, y - (size // 2 if number == 0 else 0)), text, fill=ink, font=used)
        elif random.random() < 0.08:
            pen.line([(20, y + size // 2), (width - 20, y + size // 2)], fill=ink)
        else:
            pen.text((20, y), texts.receipt(random)[: width // size], fill=ink, font=font)
            if random.random() < 0.6:
                amount = texts.price(random)
                pen.text((width - 20 - font.getlength(amount), y), amount, fill=ink, font=font)
    if random.random() < 0.5:
        return paper
    table = tuple(random.randint(20, 120) for _ in range(3))
    border = random.randint(10, 120)
    page = Image.new('RGB', (width + 2 * border, paper.height + 2 * border), table)
    page.paste(paper, (border, border))
    return page


def article_page(random):
    """Paragraphs of one script, one or two columns."""
    width, height = random.choice([(960, 720), (720, 960), (800, 1000)])
    kind = random.choice(['chinese', 'japanese', 'english', 'french'])
    say, faces = KINDS[kind]
    size = random.randint(15, 30)
    font = fonts.font(random.choice(faces), size)
    paper, ink = colours(random)
    page = Image.new('RGB', (width, height), paper)
    pen = ImageDraw.Draw(page)
    columns = random.choice([1, 2])
    wide = (width - 40 * (columns + 1)) // columns
    for column in range(columns):
        for y in range(40, height - 40 - size, round(size * random.uniform(1.4, 1.9))):
            text = say(random)
            while random.random() < 0.9 and font.getlength(text) < wide:
                text += (' ' if kind in ('english', 'french') else '') + say(random)
            while text and font.getlength(text) > wide:
                text = text[:-1]
            pen.text((40 + column * (wide + 40), y), text, fill=ink, font=font)
    return page


def sign_page(random):
    """A few lines of all scripts, large and small, on coloured ground."""
    width, height = random.choice([(960, 640), (640, 960), (900, 900)])
    ground = tuple(random.randint(0, 255) for _ in range(3))
    page = Image.new('RGB', (width, height), ground)
    pen = ImageDraw.Draw(page)
    for _ in range(6):
        corner = random.randint(0, width), random.randint(0, height)
        colour = tuple(random.randint(0, 255) for _ in range(3))
        pen.rectangle([corner, (corner[0] + random.randint(20, 300), corner[1] + random.randint(20, 200))], fill=colour)
    light = sum(ground) > 380
    y = 30
    while y < height - 100:
        size = random.randint(18, 90)
        say, faces = KINDS[random.choice(list(KINDS))]
        shade = random.randint(0, 60) if light else random.randint(200, 255)
        pen.text((random.randint(20, width // 3), y), say(random), fill=(shade,) * 3, font=fonts.font(random.choice(faces), size))
        y += round(size * random.uniform(1.3, 2.2))
    return page
