"""Plain drawn pictures of sites, for the demo city's evidence."""

from io import BytesIO

from PIL import Image, ImageDraw


def picture(scene: str, after: bool) -> bytes:
    """Draw a plain site picture: sky, hills, ground and what it is about."""
    image = Image.new("RGB", (480, 360), "#cfdbe6")
    draw = ImageDraw.Draw(image)
    draw.polygon(
        [(0, 230), (120, 190), (260, 220), (380, 180), (480, 215), (480, 260), (0, 260)], "#a9b8bd"
    )
    draw.rectangle((0, 255, 480, 360), "#c2a878")
    draw.rectangle((0, 255, 480, 263), "#8d7b58")
    {"power": _draw_power, "paper": _draw_paper, "people": _draw_people, "road": _draw_road}[scene](
        draw, after
    )
    stream = BytesIO()
    image.save(stream, "JPEG", quality=82)
    return stream.getvalue()


def _draw_power(draw: ImageDraw.ImageDraw, after: bool) -> None:
    draw.rectangle((150, 150, 330, 280), "#7f9c86", "#4d6354", 4)
    for left in (165, 245):
        draw.rectangle((left, 168, left + 70, 270), "#6d8a75", "#4d6354", 2)
        draw.ellipse((left + 28, 180, left + 42, 194), "#39d05c" if after else "#444444")
    draw.line((330, 160, 480, 120), "#333333", 3)


def _draw_paper(draw: ImageDraw.ImageDraw, after: bool) -> None:
    draw.rectangle((150, 60, 330, 310), "#fbfbf8", "#b8b8b0", 3)
    for row in range(5):
        draw.line((175, 100 + row * 30, 305 - (row % 3) * 18, 100 + row * 30), "#6b7480", 4)
    if after:
        draw.ellipse((250, 230, 315, 295), None, "#b3261e", 5)


def _draw_people(draw: ImageDraw.ImageDraw, after: bool) -> None:
    draw.rectangle((40, 130, 440, 262), "#9aa3ab", "#6d757c", 3)
    for number in range(6 if after else 2):
        left = 80 + number * 58
        draw.ellipse((left, 190, left + 26, 216), "#e2b48a")
        draw.rectangle((left - 4, 216, left + 30, 280), "#2f5f9e")


def _draw_road(draw: ImageDraw.ImageDraw, after: bool) -> None:
    draw.polygon([(190, 262), (290, 262), (430, 360), (50, 360)], "#6f7378")
    if after:
        for row in range(4):
            draw.rectangle(
                (150 - row * 22, 285 + row * 19, 330 + row * 22, 297 + row * 19), "#9aa0a6"
            )
    else:
        draw.ellipse((130, 290, 350, 345), "#7fa3bf", "#5e86a5", 3)
