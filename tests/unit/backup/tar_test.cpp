// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "backup/tar_reader.hpp"
#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::backup {
namespace {

using namespace std::string_literals;

std::string file(const std::string& name, const std::string& content) {
  const auto header = tar_header({name, content.size(), 0600}, from_unix_millis(1'700'000'000'000));
  return header ? *header + content + tar_padding(content.size()) : "";
}

// A header with other octets and a sum that fits them.
std::string forged(std::size_t where, const std::string& what) {
  std::string block = file("a", "").replace(where, what.size(), what);
  block.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  return block.replace(148, 7, std::string(text) + '\0');
}

// "name=content ...", or what was said of it.
std::string read(const std::string& tar, std::size_t limit = 1 << 20, std::size_t entries = 100) {
  std::size_t at = 0;
  TarReader reader(
      [&](std::span<char> into) -> Result<std::size_t> {
        const std::size_t count = std::min(into.size(), tar.size() - at);
        std::memcpy(into.data(), tar.data() + at, count);
        at += count;
        return count;
      },
      entries);
  std::string out;
  for (;;) {
    auto entry = reader.next();
    if (!entry) return entry.error().code + ": " + entry.error().text;
    if (!*entry) return out;
    auto content = reader.read_all(limit);
    if (!content) return content.error().code + ": " + content.error().text;
    out += (*entry)->name + "=" + *content + " ";
  }
}

TEST(Tar, IsReadAsItIsWritten) {
  EXPECT_EQ(read(tar_end()), "");
  EXPECT_EQ(
      read(file("a", "") + file("b/c", "1") + file("d", std::string(512, 'x')) + tar_end() + std::string(5120, '\0')),
      "a= b/c=1 d=" + std::string(512, 'x') + " ");
  EXPECT_FALSE(tar_header({std::string(100, 'n'), 1, 0600}, now()));
  EXPECT_FALSE(tar_header({"n", 1ULL << 33, 0600}, now()));
}

// Both ways, by the program itself.
TEST(Tar, IsUnderstoodByTar) {
  const testing::TemporaryDirectory directory;
  const auto shell = [&](const std::string& command) {
    return system(("cd '" + directory.path().string() + "' && " + command).c_str());
  };
  ASSERT_TRUE(write_file_atomically(directory / "x.tar", file("conf.d/a", "one") + file("b", "two") + tar_end()));
  ASSERT_EQ(shell("tar -xf x.tar && test \"$(cat conf.d/a b)\" = onetwo"), 0);
  ASSERT_EQ(shell("tar --format=ustar -cf y.tar conf.d/a b"), 0);
  EXPECT_EQ(read(*read_file(directory / "y.tar")), "conf.d/a=one b=two ");
  ASSERT_EQ(shell("ln -s b link && tar --format=ustar -cf z.tar link"), 0);
  EXPECT_EQ(read(*read_file(directory / "z.tar")), "invalid_archive: tar: an entry of type 2, which is no file");
}

TEST(Tar, RefusesWhatIsNoPlainArchive) {
  const std::string one = file("a", "1");
  const std::vector<std::pair<std::string, std::string>> all{
      {"", "it breaks off"},
      {one, "it breaks off"},
      {one.substr(0, 600), "it breaks off"},
      {one + std::string(512, '\0'), "it has no end"},
      {one + tar_end() + "x", "something follows its end"},
      {one + tar_end() + one, "something follows its end"},
      {one + one + tar_end(), "two files are called a"},
      {one.substr(0, 513) + "x" + one.substr(514) + tar_end(), "something stands behind a"},
      {std::string(512, 'x'), "a header has a wrong sum"},
      {forged(0, std::string(100, '\0')), "a name that cannot be read"},
      {forged(0, "a\0b"s), "a name that cannot be read"},
      {forged(345, "/etc"), "a name that cannot be read"},
      {forged(124, "99999999999"), "a size or mode that cannot be read"},
      {forged(124, "\x80\0\0\0\0\0\0\0\0\0\x02\0"s), "a size or mode that cannot be read"},
      {forged(124, "77777777777"), "a has more than 1048576 octets"},
      {forged(124, "00000000010"), "it breaks off"},
      {forged(156, "5"), "an entry of type 5, which is no file"},
      {forged(156, "L"), "an entry of type L, which is no file"},
      {forged(257, "other"), "a header of another kind"}};
  for (const auto& [tar, why] : all) EXPECT_EQ(read(tar), "invalid_archive: tar: " + why);
  EXPECT_EQ(read(one + file("b", "") + tar_end(), 10, 1), "invalid_archive: tar: more than 1 files");
}

}  // namespace
}  // namespace causeway::backup
