// SPDX-License-Identifier: MIT
#include "evidence/zip_reader.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <unordered_set>

#include "base/utf8.hpp"
#include "domain/fault_code.hpp"
#include "evidence/zip_format.hpp"

namespace causeway::evidence {
namespace {

using zip::u16;
using zip::u32;

constexpr std::uint16_t kKnownFlags = zip::kDeflateOptions | zip::kHasDescriptor | zip::kUtf8Name;
constexpr std::uint16_t kEncrypted = 0x0001;

// Extra fields that would make the entry something else than its header says.
constexpr std::uint16_t kZip64Extra = 0x0001;
constexpr std::uint16_t kUnicodePathExtra = 0x7075;
constexpr std::uint16_t kAesExtra = 0x9901;

Fault invalid(std::string text) { return fault(FaultCode::asic_invalid_container, std::move(text)); }

// Names come from strangers; texts of faults go to terminals.
std::string shown(std::string_view name) {
  std::string text;
  for (const char c : name.substr(0, 100)) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return "'" + text + "'";
}

// A relative path that stays below the folder it is unpacked in, on every system.
bool is_plain_path(std::string_view name) {
  const bool odd = std::ranges::any_of(
      name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\' || c == ':'; });
  if (odd || !is_utf8(name)) return false;
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    const std::string_view part = name.substr(start, end - start);
    const bool folder_mark = part.empty() && end == name.size() && start > 0;
    if ((part.empty() && !folder_mark) || part == "." || part == "..") return false;
    start = end + 1;
  }
  return true;
}

std::string lower_case(std::string_view name) {
  std::string text(name);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

TimePoint from_dos(std::uint32_t value) {
  using namespace std::chrono;
  const year_month_day date(year(static_cast<int>(1980 + (value >> 25))), month(value >> 21 & 15),
                            day(value >> 16 & 31));
  if (!date.ok()) return {};
  return sys_days(date) + hours(value >> 11 & 31) + minutes(value >> 5 & 63) + seconds((value & 31) * 2);
}

// Takes the time over when there is one.
Result<void> read_extra(ByteView extra, TimePoint* time) {
  constexpr std::size_t kHead = 4, kTime = 5;
  while (!extra.empty()) {
    if (extra.size() < kHead || extra.size() - kHead < u16(extra, 2))
      return invalid("an extra field that does not end");
    const std::uint16_t id = u16(extra, 0);
    const ByteView value = extra.subspan(kHead, u16(extra, 2));
    if (id == kZip64Extra) return invalid("ZIP64 is not supported");
    if (id == kUnicodePathExtra) return invalid("an entry with two names");
    if (id == kAesExtra) return invalid("an encrypted entry");
    if (id == zip::kTimeExtra && value.size() >= kTime && (value[0] & zip::kTimeIsModification) != 0 && time)
      *time = from_unix_millis(std::int64_t{static_cast<std::int32_t>(u32(value, 1))} * 1000);
    extra = extra.subspan(kHead + value.size());
  }
  return {};
}

// An entry as the directory has it.
struct Listed {
  ZipEntry entry;
  std::uint16_t flags = 0, method = 0;
  std::size_t offset = 0;  // of its own header
};

struct End {
  std::size_t position = 0;
  std::size_t entries = 0, directory_offset = 0;
  std::string_view comment;
};

Result<End> find_end(ByteView file) {
  if (file.size() < zip::kEndSize) return invalid("too short for a ZIP file");
  const std::size_t last = file.size() - zip::kEndSize;
  const std::size_t first = last - std::min<std::size_t>(last, UINT16_MAX);
  for (std::size_t at = last + 1; at-- > first;) {
    if (u32(file, at) != zip::kEndSignature || at + zip::kEndSize + u16(file, at + 20) != file.size()) continue;
    const std::size_t size = u32(file, at + 12), offset = u32(file, at + 16);
    if (u16(file, at + 10) == zip::kMaxEntries || size == zip::kMaxOffset || offset == zip::kMaxOffset)
      return invalid("ZIP64 is not supported");
    if (u16(file, at + 4) != 0 || u16(file, at + 6) != 0 || u16(file, at + 8) != u16(file, at + 10))
      return invalid("a ZIP file in several parts");
    if (offset + size != at) return invalid("octets that belong to nothing before the end of the ZIP file");
    return End{at, u16(file, at + 10), offset, as_text(file.subspan(at + zip::kEndSize))};
  }
  return invalid("not a ZIP file, or one with octets behind its end");
}

Result<void> check_method(const Listed& listed) {
  if ((listed.flags & kEncrypted) != 0) return invalid("an encrypted entry: " + shown(listed.entry.name));
  if ((listed.flags & ~kKnownFlags) != 0) return invalid("flags that are not supported: " + shown(listed.entry.name));
  if (listed.method != zip::kStored && listed.method != zip::kDeflated)
    return invalid("a compression that is not supported: " + shown(listed.entry.name));
  if (listed.method == zip::kStored && listed.entry.size != listed.entry.compressed_size)
    return invalid("a stored entry with two sizes: " + shown(listed.entry.name));
  return {};
}

bool is_special_file(ByteView file, std::size_t at) {
  constexpr std::uint8_t kUnix = 3;
  const std::uint32_t type = u32(file, at + 38) >> 28;
  constexpr std::uint32_t kNone = 0, kRegular = 8, kFolder = 4;
  return file[at + 5] == kUnix && type != kNone && type != kRegular && type != kFolder;
}

class Opening {
 public:
  Opening(ByteView file, const ZipLimits& limits) : file_(file), limits_(limits) {}

  Result<std::vector<ZipEntry>> entries(const End& end) {
    if (end.entries > limits_.entries) return invalid("more than " + std::to_string(limits_.entries) + " entries");
    if (auto done = read_directory(end); !done) return std::move(done).error();
    std::ranges::sort(listed_, {}, &Listed::offset);
    std::size_t at = 0;
    for (std::size_t i = 0; i < listed_.size(); ++i) {
      const std::size_t next = i + 1 < listed_.size() ? listed_[i + 1].offset : end.directory_offset;
      if (listed_[i].offset != at) return invalid("octets that belong to no entry, or to two");
      if (auto done = check_local(listed_[i], next); !done) return std::move(done).error();
      at = next;
    }
    if (at != end.directory_offset) return invalid("octets before the directory that belong to no entry");
    std::vector<ZipEntry> out;
    for (Listed& one : listed_)
      if (!one.entry.name.ends_with('/')) out.push_back(std::move(one.entry));
    return out;
  }

 private:
  Result<void> read_directory(const End& end) {
    std::size_t at = end.directory_offset;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < end.entries; ++i) {
      if (end.position - at < zip::kCentralSize || u32(file_, at) != zip::kCentralSignature)
        return invalid("the directory of the ZIP file is malformed");
      const std::size_t name = u16(file_, at + 28), extra = u16(file_, at + 30), comment = u16(file_, at + 32);
      if (end.position - at - zip::kCentralSize < name + extra + comment)
        return invalid("the directory of the ZIP file is malformed");
      auto listed = read_listed(at, name, extra);
      if (!listed) return std::move(listed).error();
      total += listed->entry.size;
      listed_.push_back(*std::move(listed));
      at += zip::kCentralSize + name + extra + comment;
    }
    if (at != end.position) return invalid("the directory of the ZIP file has octets that belong to no entry");
    if (total > limits_.total_bytes) return invalid("the entries are too large together");
    if (total > limits_.ratio_from && total / limits_.ratio > file_.size())
      return invalid("the entries are suspiciously much larger than the file");
    return {};
  }

  Result<Listed> read_listed(std::size_t at, std::size_t name_size, std::size_t extra_size) {
    Listed listed;
    ZipEntry& entry = listed.entry;
    entry.name = as_text(file_.subspan(at + zip::kCentralSize, name_size));
    listed.flags = u16(file_, at + 8);
    listed.method = u16(file_, at + 10);
    entry.deflated = listed.method == zip::kDeflated;
    entry.modified = from_dos(u32(file_, at + 12));
    entry.crc = u32(file_, at + 16);
    entry.compressed_size = u32(file_, at + 20);
    entry.size = u32(file_, at + 24);
    listed.offset = u32(file_, at + 42);
    if (entry.compressed_size == zip::kMaxOffset || entry.size == zip::kMaxOffset || listed.offset == zip::kMaxOffset)
      return invalid("ZIP64 is not supported");
    if (u16(file_, at + 34) != 0) return invalid("a ZIP file in several parts");
    if (is_special_file(file_, at)) return invalid("a link or device: " + shown(entry.name));
    if (auto good = check_name(entry); !good) return std::move(good).error();
    if (auto good = check_method(listed); !good) return std::move(good).error();
    if (auto read = read_extra(file_.subspan(at + zip::kCentralSize + name_size, extra_size), &entry.modified); !read)
      return std::move(read).error();
    return listed;
  }

  Result<void> check_name(const ZipEntry& entry) {
    const std::string& name = entry.name;
    if (name.empty() || name.size() > limits_.name_bytes || !is_plain_path(name))
      return invalid("a name that is no plain path: " + shown(name));
    if (!names_.insert(lower_case(name)).second) return invalid("two entries named " + shown(name));
    if (name.ends_with('/') && entry.size != 0) return invalid("a folder with content: " + shown(name));
    return {};
  }

  // The entry's own header, and what follows its data up to `next`.
  Result<void> check_local(Listed& listed, std::size_t next) const {
    ZipEntry& entry = listed.entry;
    const Fault differs = invalid("an entry and the directory differ about " + shown(entry.name));
    const std::size_t at = listed.offset;
    if (next < at || next - at < zip::kLocalSize || u32(file_, at) != zip::kLocalSignature) return differs;
    const std::size_t name = u16(file_, at + 26), extra = u16(file_, at + 28);
    if (next - at - zip::kLocalSize < name + extra) return differs;
    if (u16(file_, at + 6) != listed.flags || u16(file_, at + 8) != listed.method ||
        as_text(file_.subspan(at + zip::kLocalSize, name)) != entry.name)
      return differs;
    if (auto read = read_extra(file_.subspan(at + zip::kLocalSize + name, extra), nullptr); !read) return read;
    entry.data_offset = at + zip::kLocalSize + name + extra;
    if (next - entry.data_offset < entry.compressed_size) return differs;
    const std::size_t rest = next - entry.data_offset - entry.compressed_size;
    const bool later = (listed.flags & zip::kHasDescriptor) != 0;
    const bool unsaid = u32(file_, at + 14) == 0 && u32(file_, at + 18) == 0 && u32(file_, at + 22) == 0;
    if (!same_sizes(at + 14, entry) && !(later && unsaid)) return differs;
    if (!later) return rest == 0 ? Result<void>() : differs;
    const std::size_t descriptor = next - (zip::kDescriptorSize - 4);
    const bool signed_well = rest != zip::kDescriptorSize || u32(file_, descriptor - 4) == zip::kDescriptorSignature;
    if ((rest != zip::kDescriptorSize && rest != zip::kDescriptorSize - 4) || !signed_well ||
        !same_sizes(descriptor, entry))
      return differs;
    return {};
  }

  bool same_sizes(std::size_t at, const ZipEntry& entry) const {
    return u32(file_, at) == entry.crc && u32(file_, at + 4) == entry.compressed_size &&
           u32(file_, at + 8) == entry.size;
  }

  ByteView file_;
  const ZipLimits& limits_;
  std::vector<Listed> listed_;
  std::unordered_set<std::string> names_;
};

// Delivers what an entry says it holds, no octet more.
class Delivery {
 public:
  Delivery(const ZipEntry& entry, const ByteSink& sink) : entry_(entry), sink_(sink) {}

  Result<void> pass(ByteView bytes) {
    if (bytes.size() > entry_.size - size_) return corrupt();
    size_ += bytes.size();
    crc_ = static_cast<std::uint32_t>(crc32_z(crc_, bytes.data(), bytes.size()));
    return sink_(bytes);
  }
  Result<void> finish() const { return size_ == entry_.size && crc_ == entry_.crc ? Result<void>() : corrupt(); }
  Fault corrupt() const { return invalid("the content of " + shown(entry_.name) + " is damaged"); }

 private:
  const ZipEntry& entry_;
  const ByteSink& sink_;
  std::uint64_t size_ = 0;
  std::uint32_t crc_ = 0;
};

class Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream_, zip::kRawDeflate) != Z_OK) throw std::runtime_error("no memory for decompression");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Result<void> run(ByteView data, Delivery& delivery) {
    std::array<std::uint8_t, 65536> out;
    stream_.next_in = const_cast<std::uint8_t*>(data.data());
    stream_.avail_in = static_cast<uInt>(data.size());
    int state = Z_OK;
    while (state == Z_OK) {
      stream_.next_out = out.data();
      stream_.avail_out = out.size();
      state = inflate(&stream_, Z_NO_FLUSH);
      if (auto done = delivery.pass(ByteView(out).first(out.size() - stream_.avail_out)); !done) return done;
    }
    return state == Z_STREAM_END && stream_.avail_in == 0 ? Result<void>() : delivery.corrupt();
  }

 private:
  z_stream stream_{};
};

}  // namespace

Result<ZipReader> ZipReader::open(ByteView file, const ZipLimits& limits) {
  const auto end = find_end(file);
  if (!end) return end.error();
  auto entries = Opening(file, limits).entries(*end);
  if (!entries) return std::move(entries).error();
  ZipReader reader(file);
  reader.comment_ = end->comment;
  reader.entries_ = *std::move(entries);
  return reader;
}

const ZipEntry* ZipReader::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &ZipEntry::name);
  return found == entries_.end() ? nullptr : &*found;
}

Result<void> ZipReader::read(const ZipEntry& entry, const ByteSink& sink) const {
  const ByteView data = file_.subspan(entry.data_offset, entry.compressed_size);
  Delivery delivery(entry, sink);
  if (auto done = entry.deflated ? Inflater().run(data, delivery) : delivery.pass(data); !done) return done;
  return delivery.finish();
}

Result<Bytes> ZipReader::read_all(const ZipEntry& entry, std::uint64_t limit) const {
  if (entry.size > limit) return invalid(shown(entry.name) + " is longer than " + std::to_string(limit) + " octets");
  Bytes content;
  if (auto done = read(entry, append_to(content)); !done) return std::move(done).error();
  return content;
}

}  // namespace causeway::evidence
