// SPDX-License-Identifier: MIT
// Segments of the message log as a crash or damage may leave them. With an odd first octet
// all checksums are mended first, so that the reader behind them is reached. Two surveys
// agree; recovery keeps what they count, and leaves nothing more to recover.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "oracle.hpp"
#include "securityserver/messagelog/crc32c.hpp"
#include "securityserver/messagelog/little_endian.hpp"
#include "securityserver/messagelog/segment_reader.hpp"
#include "securityserver/messagelog/segment_writer.hpp"
#include "support/temporary_directory.hpp"

namespace {

using namespace causeway;
using namespace causeway::securityserver;
using fuzz::require;

void seal(std::uint8_t* at, std::size_t size) { store_integer(at + size - 4, crc32c(ByteView(at, size - 4))); }

void mend(Bytes& file) {
  if (file.size() < SegmentHeader::kSize) return;
  std::memcpy(file.data(), "CWMLOG\r\n", 8);
  store_integer(file.data() + 8, std::uint32_t{1});
  store_integer(file.data() + 16, std::uint64_t{1});
  seal(file.data(), SegmentHeader::kSize);
  const auto nonce = load_integer<std::uint64_t>(file.data() + 40);
  for (std::size_t at = SegmentHeader::kSize; at + FrameHeader::kSize <= file.size();) {
    std::uint8_t* const frame = file.data() + at;
    if (load_integer<std::uint32_t>(frame) != FrameHeader::kMarker) {
      ++at;
      continue;
    }
    frame[4] = static_cast<std::uint8_t>((frame[4] + 2) % 3 + 1);  // of the types there are
    frame[5] = 1;
    store_integer(frame + 32, nonce);
    seal(frame, FrameHeader::kSize);
    const auto length = load_integer<std::uint64_t>(frame + 16);
    const std::size_t left = file.size() - at - FrameHeader::kSize;
    if (length > left || left - length < FrameTrailer::kSize) {
      ++at;
      continue;
    }
    store_integer(frame + FrameHeader::kSize + length, crc32c(ByteView(frame + FrameHeader::kSize, length)));
    at += FrameHeader::kSize + length + FrameTrailer::kSize;
  }
}

// Query ids of the records that can be read whole.
std::string records_of(const SegmentReader& segment, std::uint64_t until) {
  std::string ids;
  std::uint64_t at = 0;
  while (at < until) {
    const auto frame = segment.next_frame(at);
    require(frame.ok());
    if (!*frame || (*frame)->offset >= until) break;
    require((*frame)->end() <= segment.size() && (*frame)->end() > at);
    at = (*frame)->end();
    if ((*frame)->header.type != FrameType::record) continue;
    if (const auto record = segment.record(**frame)) ids += std::to_string(record->id) + record->query_id + "\n";
  }
  return ids;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  static const testing::TemporaryDirectory folder;
  static const std::string directory = folder.path();
  Bytes file(bytes + 1, bytes + size);
  if (bytes[0] % 2 == 1) mend(file);
  std::filesystem::remove(segment_path(directory, 2));
  require(write_file_atomically(segment_path(directory, 1), as_text(file)).ok());

  const auto segment = SegmentReader::open(directory, 1);
  if (!segment) return 0;
  const auto quick = survey_segment(*segment, false);
  const auto thorough = survey_segment(*segment, true);
  require(quick.ok() && thorough.ok());
  require(quick->end == thorough->end && quick->records == thorough->records && quick->torn == thorough->torn);
  require(quick->records_end <= quick->end && quick->end + quick->torn <= segment->size());
  for (const auto& gap : thorough->gaps) require(gap.offset < gap.end && gap.end <= segment->size());
  const std::string before = records_of(*segment, quick->records_end);

  require(SegmentWriter::open(directory, 1UL << 20).ok());
  const auto recovered = SegmentReader::open(directory, 1);
  require(recovered.ok());
  // A segment with damage is not written to any more: the next one has been begun.
  const auto again = survey_segment(*recovered, false, !quick->gaps.empty());
  require(again.ok() && again->torn == 0 && again->records == quick->records);
  require(records_of(*recovered, recovered->size()) == before);
  return 0;
}
