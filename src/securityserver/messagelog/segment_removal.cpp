// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/segment_removal.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/messagelog/index_table.hpp"
#include "securityserver/messagelog/open_file.hpp"
#include "securityserver/messagelog/segment_reader.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kRemovedLimit = 1024;

std::string removed_path(const std::string& directory) { return directory + "/removed"; }

Result<void> write_removed(const std::string& directory, const RemovedSegments& removed) {
  auto written = write_file_atomically(removed_path(directory),
                                       std::to_string(removed.last) + " " + to_hex(removed.chain) + "\n", 0600);
  return written ? sync_directory(directory) : written;
}

// The time of the latest record. Damage is passed over: what is lost cannot be kept longer.
Result<TimePoint> latest_time(const SegmentReader& segment) {
  TimePoint latest = TimePoint::min();
  for (std::uint64_t offset = SegmentHeader::kSize;;) {
    auto frame = segment.next_frame(offset);
    if (!frame) return frame.error();
    if (!*frame) return latest;
    offset = (*frame)->end();
    if ((*frame)->header.type != FrameType::record) continue;
    const auto metadata = segment.metadata(**frame);
    if (metadata) latest = std::max(latest, metadata->found.time);
  }
}

// Who fills the index forgets the same when it finds the database again.
Result<void> forget_before(const LogPlace& place, const SegmentHeader& first_kept) {
  auto forgotten = IndexTable::forget_before(place, first_kept);
  if (forgotten || !store::is_unavailable(forgotten.error())) return forgotten;
  log::warn("message log: removed records stay in the index for now: {}", forgotten.error().text);
  return {};
}

Result<void> remove_one(const LogPlace& place, std::uint64_t number, const SegmentHeader& next) {
  const std::string& directory = place.directory;
  if (auto written = write_removed(directory, {number, next.previous}); !written) return written;
  if (auto forgotten = forget_before(place, next); !forgotten) return forgotten;
  const std::string path = segment_path(directory, number);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return fault(FaultCode::io_error, "cannot remove " + path + ": " + std::strerror(errno));
  return sync_directory(directory);
}

}  // namespace

Result<std::optional<RemovedSegments>> read_removed_segments(const std::string& directory) {
  std::error_code error;
  if (!std::filesystem::exists(removed_path(directory), error)) return std::optional<RemovedSegments>();
  auto text = read_file(removed_path(directory), kRemovedLimit);
  if (!text) return text.error();
  RemovedSegments removed;
  const char* const end = text->data() + text->size();
  const auto [stop, failed] = std::from_chars(text->data(), end, removed.last);
  auto chain =
      failed == std::errc{} && stop != end && *stop == ' '
          ? from_hex(std::string_view(stop + 1, std::min<std::size_t>(64, static_cast<std::size_t>(end - stop - 1))))
          : Result<Bytes>(Bytes());
  if (!chain || chain->size() != removed.chain.size())
    return fault(FaultCode::io_error, removed_path(directory) + " is not readable");
  std::ranges::copy(*chain, removed.chain.begin());
  return std::optional(removed);
}

Result<RemovalReport> remove_segments(const LogPlace& place, std::uint64_t archived, TimePoint before) {
  const std::string& directory = place.directory;
  RemovalReport report;
  auto numbers = list_segments(directory);
  if (!numbers) return numbers.error();
  if (numbers->empty()) return report;
  auto segment = SegmentReader::open(directory, numbers->front());
  if (!segment) return segment.error();
  for (std::size_t i = 0; i + 1 < numbers->size(); ++i) {
    auto next = SegmentReader::open(directory, (*numbers)[i + 1]);
    if (!next) break;  // just being begun
    if (next->header().first_id > archived + 1) break;
    auto latest = latest_time(*segment);
    if (!latest) return latest.error();
    if (*latest > before) break;
    if (auto removed = remove_one(place, (*numbers)[i], next->header()); !removed) return removed.error();
    ++report.segments;
    segment = std::move(next);
  }
  report.first_kept = segment->header().first_id;
  // Also what an indexing under way has put back since the last time.
  if (auto forgotten = forget_before(place, segment->header()); !forgotten) return forgotten.error();
  return report;
}

}  // namespace causeway::securityserver
