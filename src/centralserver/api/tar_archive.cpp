// SPDX-License-Identifier: MIT
#include "centralserver/api/tar_archive.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

namespace causeway::centralserver {
namespace {

constexpr std::size_t kBlock = 512;

// Fields of a header, by where they begin (POSIX 1003.1, ustar).
std::string header(const ArchivedFile& file, TimePoint at) {
  std::string block(kBlock, '\0');
  const auto put = [&](std::size_t where, std::string_view text) { block.replace(where, text.size(), text); };
  const auto octal = [](std::size_t digits, unsigned long long value) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%0*llo", static_cast<int>(digits), value);
    return std::string(text.data());
  };
  put(0, file.name.substr(0, 99));
  put(100, octal(7, 0644));
  put(108, octal(7, 0));
  put(116, octal(7, 0));
  put(124, octal(11, file.content.size()));
  put(136, octal(11, static_cast<unsigned long long>(std::max<std::int64_t>(0, to_unix_millis(at) / 1000))));
  put(148, "        ");  // counts as spaces in the sum that comes here
  put(156, "0");
  put(257, std::string_view("ustar\0"
                            "00",
                            8));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(148, octal(6, sum) + '\0' + ' ');
  return block;
}

std::string gzip(const std::string& plain) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib has no memory");
  std::string out(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (ended != Z_STREAM_END) throw std::logic_error("zlib did not end");
  return out;
}

}  // namespace

std::string tar_gz(const std::vector<ArchivedFile>& files, TimePoint at) {
  std::string tar;
  for (const ArchivedFile& file : files) {
    tar += header(file, at) + file.content;
    tar.append((kBlock - file.content.size() % kBlock) % kBlock, '\0');
  }
  return gzip(tar + std::string(2 * kBlock, '\0'));
}

}  // namespace causeway::centralserver
