// SPDX-License-Identifier: MIT
#include "globalconf/image_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <vector>

#include "base/file_reader.hpp"
#include "domain/fault_code.hpp"
#include "pki/digest.hpp"

namespace causeway::globalconf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{64} << 10;

// What a renaming leaves as it was.
Result<void> name_origin(image::Header& header, const fs::path& source) {
  struct stat info{};
  if (::stat(source.c_str(), &info) != 0)
    return fault(FaultCode::io_error, "cannot read " + source.string() + ": " + std::strerror(errno));
  header.inode = info.st_ino;
  header.size = static_cast<std::uint64_t>(info.st_size);
  header.modified_ns = info.st_mtim.tv_sec * std::int64_t{1'000'000'000} + info.st_mtim.tv_nsec;
  return {};
}

// Through a buffer: pages that nobody looks up are not to be mapped.
bool has_its_digest(FileReader& file, const image::Header& header) {
  std::vector<char> piece(kPiece);
  pki::Hasher hasher(pki::DigestAlgorithm::sha256);
  for (;;) {
    const auto count = file.read(piece);
    if (!count) return false;
    hasher.update(as_bytes(std::string_view(piece.data(), *count)));
    if (*count < piece.size()) break;
  }
  return std::ranges::equal(hasher.finish(), header.digest);
}

bool belongs_to(const fs::path& image, const fs::path& document, int version) {
  auto file = FileReader::open(image);
  if (!file) return false;
  image::Header header, wanted;
  const auto count = file->read(std::span(reinterpret_cast<char*>(&header), sizeof header));
  return count && *count == sizeof header && header.magic == image::kMagic && name_origin(wanted, document) &&
         header.inode == wanted.inode && header.size == wanted.size && header.modified_ns == wanted.modified_ns &&
         header.version == static_cast<std::uint32_t>(version) && has_its_digest(*file, header);
}

}  // namespace

fs::path image_file(const fs::path& document) { return document.string() + std::string(kImageSuffix); }

Result<void> save_image(std::string block, const fs::path& source, const fs::path& document) {
  image::Header header;
  std::memcpy(&header, block.data(), sizeof header);
  if (auto named = name_origin(header, source); !named) return named;
  std::memcpy(block.data(), &header, sizeof header);
  const fs::path file = image_file(document), draft = file.string() + ".tmp";
  // Not flushed: after a crash the digest tells what is left of it.
  std::ofstream out(draft, std::ios::binary | std::ios::trunc);
  out.write(block.data(), static_cast<std::streamsize>(block.size()));
  out.close();
  if (!out || ::rename(draft.c_str(), file.c_str()) != 0) {
    Fault failed = fault(FaultCode::io_error, "cannot write " + file.string() + ": " + std::strerror(errno));
    ::unlink(draft.c_str());
    return failed;
  }
  return {};
}

Result<InstanceImage> load_image(const fs::path& document, std::size_t limit, int version) {
  const fs::path file = image_file(document);
  if (belongs_to(file, document, version)) {
    // Replaced meanwhile by that of the next document, it would open all the same: what it
    // says of its origin is looked at again in the file that was mapped.
    auto mapped = MappedFile::open(file);
    auto image = mapped ? InstanceImage::of(*std::move(mapped)) : Result<InstanceImage>(mapped.error());
    image::Header wanted;
    if (image && name_origin(wanted, document) && image->is_of(wanted)) return image;
  }
  return InstanceImage::read(document, limit, version);
}

}  // namespace causeway::globalconf
