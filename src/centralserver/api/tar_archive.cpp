// SPDX-License-Identifier: MIT
#include "centralserver/api/tar_archive.hpp"

#include <zlib.h>

#include <stdexcept>

#include "backup/tar_header.hpp"

namespace causeway::centralserver {
namespace {

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
    const auto header = backup::tar_header({.name = std::string(file.name), .size = file.content.size()}, at);
    if (!header) throw std::logic_error(header.error().text);
    tar += *header + file.content + backup::tar_padding(file.content.size());
  }
  return gzip(tar + backup::tar_end());
}

}  // namespace causeway::centralserver
