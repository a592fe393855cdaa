// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.hpp"
#include "container_samples.hpp"
#include "evidence/zip_format.hpp"
#include "evidence/zip_writer.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::evidence {
namespace {

const TimePoint kTime = *parse_iso("2026-03-01T12:34:56Z");

Bytes sample(std::shared_ptr<Compressor> compressor = std::make_shared<Compressor>()) {
  Bytes file;
  ZipWriter zip(append_to(file), std::move(compressor));
  EXPECT_TRUE(zip.add("mimetype", as_bytes("text"), kTime));
  EXPECT_TRUE(zip.add("folder/long", Bytes(200'000, 'x'), kTime));
  EXPECT_TRUE(zip.add("plain", as_bytes("abc"), kTime, ZipCompression::none));
  EXPECT_TRUE(zip.finish("a comment"));
  return file;
}

std::string refusal(ByteView file, const ZipLimits& limits = {}) {
  const auto zip = ZipReader::open(file, limits);
  if (!zip) return zip.error().text;
  for (const ZipEntry& entry : zip->entries())
    if (const auto content = zip->read_all(entry, 1 << 20); !content) return content.error().text;
  return "";
}

// Where the n-th record with this signature starts.
std::size_t place_of(ByteView file, std::uint32_t signature, int n = 0) {
  for (std::size_t at = 0; at + 4 <= file.size(); ++at)
    if (zip::u32(file, at) == signature && n-- == 0) return at;
  ADD_FAILURE() << "no such record";
  return 0;
}

TEST(Zip, ReadsWhatItWrites) {
  const Bytes file = sample();
  const auto zip = ZipReader::open(file);
  ASSERT_TRUE(zip) << zip.error().text;
  ASSERT_EQ(zip->entries().size(), 3u);
  EXPECT_EQ(zip->comment(), "a comment");
  EXPECT_EQ(zip->entries()[0].name, "mimetype");
  EXPECT_EQ(to_text(*zip->read_all(zip->entries()[0], 10)), "text");
  EXPECT_EQ(*zip->read_all(*zip->find("folder/long"), 1 << 20), Bytes(200'000, 'x'));
  EXPECT_EQ(to_text(*zip->read_all(*zip->find("plain"), 10)), "abc");
  EXPECT_EQ(zip->find("Plain"), nullptr);
  for (const ZipEntry& entry : zip->entries()) {
    EXPECT_TRUE(entry.deflated);
    EXPECT_EQ(entry.modified, kTime);
  }
  EXPECT_LT(file.size(), 2000u);
}

TEST(Zip, TheSameInputGivesTheSameOctets) { EXPECT_EQ(sample(), sample()); }

TEST(Zip, ACompressorThatIsUsedAgainGivesTheSameOctets) {
  const auto compressor = std::make_shared<Compressor>();
  EXPECT_EQ(sample(compressor), sample());
  EXPECT_EQ(sample(compressor), sample());  // what it knows by now
  // Broken off in the middle of an entry.
  Bytes file;
  ZipWriter broken_off(append_to(file), compressor);
  ASSERT_TRUE(broken_off.begin("one", kTime));
  ASSERT_TRUE(broken_off.write(Bytes(100'000, 'y')));
  EXPECT_EQ(sample(compressor), sample());
}

TEST(Zip, KeepsTimesThatDosDoesNotKnow) {
  for (const char* text : {"1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2038-01-19T03:14:07Z"}) {
    Bytes file;
    ZipWriter zip(append_to(file));
    ASSERT_TRUE(zip.add("a", {}, *parse_iso(text)));
    ASSERT_TRUE(zip.finish());
    EXPECT_EQ(ZipReader::open(file)->entries()[0].modified, *parse_iso(text));
  }
  Bytes file;
  ZipWriter zip(append_to(file));
  ASSERT_TRUE(zip.add("a", {}, *parse_iso("2050-06-01T10:00:00Z")));
  ASSERT_TRUE(zip.finish());
  EXPECT_EQ(ZipReader::open(file)->entries()[0].modified, *parse_iso("2050-06-01T10:00:00Z"));
}

TEST(Zip, PassesOnWhatTheSinkRefuses) {
  ZipWriter zip([](ByteView) -> Result<void> { return Fault{"io_error", "disk full"}; });
  EXPECT_EQ(zip.add("a", as_bytes("b"), kTime).error().code, "io_error");
  const Bytes file = sample();
  const auto reader = ZipReader::open(file);
  const auto read =
      reader->read(reader->entries()[0], [](ByteView) -> Result<void> { return Fault{"io_error", "disk full"}; });
  EXPECT_EQ(read.error().code, "io_error");
}

TEST(Zip, RefusesWhatIsNone) {
  EXPECT_NE(refusal({}), "");
  EXPECT_NE(refusal(as_bytes("hello")), "");
  EXPECT_NE(refusal(Bytes(1000, 'P')), "");
  const Bytes file = sample();
  for (std::size_t length = 0; length < file.size(); ++length) ASSERT_NE(refusal(ByteView(file).first(length)), "");
}

TEST(Zip, RefusesOctetsThatBelongToNothing) {
  Bytes before = sample();
  before.insert(before.begin(), 'x');
  EXPECT_NE(refusal(before), "");
  Bytes behind = sample();
  behind.push_back('x');
  EXPECT_NE(refusal(behind), "");
  // A second ZIP file in front, which readers from front to back would take.
  Bytes two = sample();
  const Bytes other = sample();
  two.insert(two.end(), other.begin(), other.end());
  EXPECT_NE(refusal(two), "");
  // An end inside the comment.
  Bytes file;
  ZipWriter zip(append_to(file));
  ASSERT_TRUE(zip.add("a", as_bytes("b"), kTime));
  Bytes end;
  for (int i = 0; i < 22; ++i) end.push_back(0);
  end[0] = 'P', end[1] = 'K', end[2] = 5, end[3] = 6;
  ASSERT_TRUE(zip.finish(as_text(end)));
  EXPECT_NE(refusal(file), "");
}

TEST(Zip, RefusesOverlappingEntries) {
  Bytes file = sample();
  const std::size_t second = place_of(file, zip::kCentralSignature, 1);
  for (int i = 0; i < 4; ++i) file[second + 42 + static_cast<std::size_t>(i)] = 0;  // starts where the first does
  EXPECT_NE(refusal(file), "");
}

TEST(Zip, RefusesHeadersThatDiffer) {
  const Bytes good = sample();
  const std::size_t local = place_of(good, zip::kLocalSignature), central = place_of(good, zip::kCentralSignature);
  const std::size_t descriptor = place_of(good, zip::kDescriptorSignature);
  for (const std::size_t at :
       {local + 6, local + 8, local + 14, local + 18, local + 22, local + 30, central + 8, central + 10, central + 16,
        central + 20, central + 24, central + 46, descriptor + 4, descriptor + 8, descriptor + 12}) {
    Bytes file = good;
    file[at] ^= 2;
    EXPECT_NE(refusal(file), "") << at;
  }
}

TEST(Zip, RefusesEncryptionOtherMethodsPartsAndZip64) {
  const Bytes good = sample();
  const std::size_t local = place_of(good, zip::kLocalSignature), central = place_of(good, zip::kCentralSignature);
  const std::size_t end = place_of(good, zip::kEndSignature);
  Bytes encrypted = good;
  encrypted[local + 6] |= 1, encrypted[central + 8] |= 1;
  EXPECT_EQ(refusal(encrypted), "an encrypted entry: 'mimetype'");
  Bytes method = good;
  method[local + 8] = method[central + 10] = 12;
  EXPECT_EQ(refusal(method), "a compression that is not supported: 'mimetype'");
  Bytes parts = good;
  parts[end + 4] = 1;
  EXPECT_EQ(refusal(parts), "a ZIP file in several parts");
  Bytes large = good;
  for (std::size_t i = 0; i < 4; ++i) large[central + 24 + i] = 0xff;
  EXPECT_EQ(refusal(large), "ZIP64 is not supported");
  Bytes many = good;
  for (std::size_t i = 8; i < 12; ++i) many[end + i] = 0xff;
  EXPECT_EQ(refusal(many), "ZIP64 is not supported");
  Bytes extra = good;  // the time field becomes one of ZIP64
  const std::size_t field = local + zip::kLocalSize + std::string_view("mimetype").size();
  extra[field] = 1, extra[field + 1] = 0;
  EXPECT_EQ(refusal(extra), "ZIP64 is not supported");
}

TEST(Zip, RefusesLinks) {
  Bytes file = sample();
  const std::size_t central = place_of(file, zip::kCentralSignature);
  file[central + 5] = 3;      // made on Unix
  file[central + 41] = 0xa0;  // a symbolic link
  EXPECT_EQ(refusal(file), "a link or device: 'mimetype'");
}

TEST(Zip, RefusesNamesThatAreNoPlainPaths) {
  for (const char* name : {"../a", "a/../b", "/a", "a//b", "./a", "a\\b", "c:a", "a\nb", "..", "a/..", "\xff", ""})
    EXPECT_NE(refusal(zipped({{name, "x"}})), "") << name;
  for (const char* name : {"a", "a/b", "a..b", ".a", "a b", "\xc3\xa4", "a%2Fb+c*d"})
    EXPECT_EQ(refusal(zipped({{name, "x"}})), "") << name;
  EXPECT_NE(refusal(zipped({{"a", "x"}, {"A", "y"}})), "");
  EXPECT_NE(refusal(zipped({{"a", "x"}, {"a", "x"}})), "");
  EXPECT_NE(refusal(zipped({{"a/", "x"}})), "");
}

TEST(Zip, KeepsItsLimits) {
  const Bytes file = sample();
  EXPECT_EQ(refusal(file, {.entries = 3}), "");
  EXPECT_EQ(refusal(file, {.entries = 2}), "more than 2 entries");
  EXPECT_NE(refusal(file, {.name_bytes = 10}), "");
  EXPECT_NE(refusal(file, {.total_bytes = 200'000}), "");
  EXPECT_EQ(refusal(file, {.ratio = 1000, .ratio_from = 1000}), "");
  EXPECT_NE(refusal(file, {.ratio = 10, .ratio_from = 1000}), "");
  EXPECT_FALSE(ZipReader::open(file)->read_all(*ZipReader::open(file)->find("folder/long"), 199'999));
}

TEST(Zip, RefusesContentThatIsDamagedOrOfAnotherLength) {
  std::string content;
  for (int i = 0; i < 1000; ++i) content += std::to_string(i * i) + "\n";
  const Bytes good = zipped({{"numbers", content}});
  const std::size_t data = place_of(good, zip::kLocalSignature) + zip::kLocalSize + 7 + 9;
  const std::size_t end = place_of(good, zip::kDescriptorSignature);
  for (std::size_t at = data; at + 1 < end; ++at) {
    Bytes file = good;
    file[at] ^= 0x10;
    EXPECT_EQ(refusal(file), "the content of 'numbers' is damaged") << at;
  }
}

// Others write sizes first, leave the mimetype uncompressed, and add fields of their own.
TEST(Zip, ReadsWhatPythonWrites) {
  if (std::system("python3 -c 'import zipfile' >/dev/null 2>&1") != 0) GTEST_SKIP() << "no python3";
  const testing::TemporaryDirectory folder;
  const std::string script =
      "import sys, zipfile, io\n"
      "class Pipe(io.RawIOBase):\n"
      "  def __init__(self, f): self.f = f\n"
      "  def writable(self): return True\n"
      "  def write(self, b): return self.f.write(b)\n"
      "for name, out in (('seekable', open('" +
      folder / "seekable" + "', 'wb')), ('pipe', Pipe(open('" + folder / "pipe" +
      "', 'wb')))):\n"
      "  with zipfile.ZipFile(out, 'w') as z:\n"
      "    z.writestr('mimetype', 'text', zipfile.ZIP_STORED)\n"
      "    z.writestr('META-INF/a', 'x' * 5000, zipfile.ZIP_DEFLATED)\n";
  ASSERT_TRUE(write_file_atomically(folder / "make.py", script));
  ASSERT_EQ(std::system(("python3 " + folder / "make.py").c_str()), 0);
  for (const char* name : {"seekable", "pipe"}) {
    const std::string file = *read_file(folder / name);
    EXPECT_EQ(refusal(as_bytes(file)), "") << name;
    const auto entries = entries_of(as_bytes(file));
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0].second, "text");
    EXPECT_EQ(entries[1].second, std::string(5000, 'x'));
  }
}

}  // namespace
}  // namespace causeway::evidence
