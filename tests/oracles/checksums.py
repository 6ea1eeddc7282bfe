"""`zlib` for CRC-32 and Adler-32; the others from their definitions over whole numbers."""

import zlib

from calls import Case, Char, call, err, ok

for text in ["", "a", "123456789", "Wikipedia", "The quick brown fox jumps over the lazy dog" * 4, "é日😀\0"]:
    data = text.encode()
    call("crc32", zlib.crc32(data), text=text)
    call("adler32", zlib.adler32(data), text=text)
    n = len(data)
    a, b = sum(data) % 255, sum((n - i) * x for i, x in enumerate(data)) % 255
    call("fletcher16", b << 8 | a, text=text)
published = "published: numbers that card makers give for tests"
for number in ["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "6011111111111117"]:
    call("card", ok(), source=published, number=number)
call("card", err(Case("WrongCheck", Char("1"), Char("2"))), source=published, number="4111 1111 1111 1112")
call("card", err(Case("NotADigit", Char("x"))), source="by hand", number="4111x")
books = "published: ISBNs of books"
for text in ["0-19-853453-1", "978-3-16-148410-0", "080442957X", "9781861972712"]:
    call("isbn", ok(), source=books, text=text)
call("isbn", err(Case("WrongCheck", Char("X"), Char("0"))), source=books, text="0-8044-2957-0")
call("isbn", err(Case("WrongLength", 3)), source="by hand", text="123")
for country, account, check in [("GB", "WEST12345698765432", "82"), ("DE", "370400440532013000", "89"), ("FR", "20041010050500013M02606", "14"), ("CH", "00762011623852957", "93")]:
    value = int("".join(str(int(c, 36)) for c in account + country + check))
    assert value % 97 == 1
    call("iban_check", ok(check), source="published: example IBANs of the countries' registries", country=country, account=account)
