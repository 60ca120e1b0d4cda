"""Makes the pictures and documents of this folder; run by make.sh."""

import io
import zipfile

import docx
import openpyxl
import piexif
import pillow_heif
from PIL import Image, ImageDraw, PngImagePlugin
from reportlab.pdfgen import canvas

XMP = (
    b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
    b"xmlns:exif='http://ns.adobe.com/exif/1.0/' exif:GPSLatitude='12,20.736N' "
    b"exif:GPSLongitude='98,45.924E'/></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
)
GPS = {
    piexif.GPSIFD.GPSLatitudeRef: "N",
    piexif.GPSIFD.GPSLatitude: ((12, 1), (20, 1), (4416, 100)),
    piexif.GPSIFD.GPSLongitudeRef: "E",
    piexif.GPSIFD.GPSLongitude: ((98, 1), (45, 1), (5544, 100)),
}


def exif(orientation, thumbnail=None):
    """EXIF as a telephone writes it: camera, orientation, place, thumbnail."""
    tags = {
        "0th": {
            piexif.ImageIFD.Make: "Invented",
            piexif.ImageIFD.Model: "CanaryCam 1",
            piexif.ImageIFD.Orientation: orientation,
        },
        "Exif": {piexif.ExifIFD.BodySerialNumber: b"SERIAL-CANARY"},
        "GPS": GPS,
    }
    if thumbnail:
        tags |= {"1st": {}, "thumbnail": thumbnail}
    return piexif.dump(tags)


def picture():
    image = Image.new("RGB", (160, 120), "#88aacc")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 60, 60, 120), fill="#554433")
    draw.line((100, 120, 100, 30), fill="#222222", width=4)
    draw.ellipse((90, 15, 115, 40), fill="#ffee88")
    return image


def jpegs(image):
    small = io.BytesIO()
    image.resize((32, 24)).save(small, "JPEG")
    plain = io.BytesIO()
    image.save(plain, "JPEG", quality=70, comment="written at 12.3456N 98.7654E")
    with_exif = io.BytesIO()
    piexif.insert(exif(6, small.getvalue()), plain.getvalue(), with_exif)
    data = with_exif.getvalue()
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + XMP
    segment = b"\xff\xe1" + (len(xmp) + 2).to_bytes(2, "big") + xmp
    with open("photo-gps.jpg", "wb") as file:
        file.write(data[:2] + segment + data[2:])
    image.save("photo-progressive.jpg", progressive=True, quality=70, restart_marker_rows=1)


def others(image):
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    info.add_text("Comment", "written at 12.3456N 98.7654E")
    image.save("picture-gps.png", pnginfo=info, exif=exif(3))
    image.save("picture-gps.webp", quality=70, exif=exif(8), xmp=XMP)
    pillow_heif.register_heif_opener()
    image.save("photo-gps.heic", quality=40, exif=exif(6), xmp=XMP)


def documents():
    page = canvas.Canvas("document.pdf", pagesize=(300, 200), invariant=1)
    page.drawString(30, 150, "An invented notice about a street lamp.")
    page.save()
    text = docx.Document()
    text.add_paragraph("An invented letter about a street lamp.")
    text.save("document.docx")
    sheet = openpyxl.Workbook()
    sheet.active["A1"] = "street lamp"
    sheet.save("sheet.xlsx")
    with_macro("document.docx", "liar-macro.docx")
    with zipfile.ZipFile("liar-archive.docx", "w") as archive:
        archive.writestr("word/document.xml", "not a document")


def with_macro(source, target):
    """Adds what a macro-enabled document has, under the harmless name."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("word/vbaProject.bin", b"not a real macro")


jpegs(picture())
others(picture())
documents()
