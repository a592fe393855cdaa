// SPDX-License-Identifier: MIT
#include "securityserver/consumer/logged_evidence.hpp"

#include "domain/fault_code.hpp"
#include "evidence/container_names.hpp"
#include "evidence/zip_writer.hpp"
#include "securityserver/archiving/record_container.hpp"
#include "securityserver/timestamping/timestamp_finder.hpp"

namespace causeway::securityserver {
namespace {

constexpr const char* kZipType = "application/zip";

// One record after the other, in their order.
class ContainerWriter {
 public:
  ContainerWriter(const MessageLog& log, TimestampFinder finder) : log_(log), finder_(std::move(finder)) {}

  Result<void> write(std::uint64_t id, const evidence::ByteSink& sink) {
    const auto record = log_.read(id);
    if (!record) return record.error();
    const auto timestamp = finder_.find(id, record->signature.signature);
    if (!timestamp) return timestamp.error();
    if (!*timestamp)
      return fault(FaultCode::timestamping_failed, "record " + std::to_string(id) + " has no time-stamp");
    return write_container(*record, **timestamp, sink);
  }

 private:
  const MessageLog& log_;
  TimestampFinder finder_;
};

Result<void> write_zip(ContainerWriter& containers, const std::vector<FoundRecord>& records,
                       const evidence::ByteSink& sink) {
  evidence::ZipWriter zip(sink);
  for (const FoundRecord& record : records) {
    const std::string name = evidence::container_name(record.query_id, record.response, record.id);
    if (auto begun = zip.begin(name, record.time, evidence::ZipCompression::none); !begun) return begun;
    const auto written = containers.write(record.id, [&zip](ByteView octets) { return zip.write(octets); });
    if (!written) return written;
    if (auto ended = zip.end(); !ended) return ended;
  }
  return zip.finish();
}

}  // namespace

Result<std::vector<FoundRecord>> LoggedEvidence::find(const EvidenceRequest& request) const {
  // Who was just answered may ask at once, and the index follows the log by a moment.
  if (auto indexed = log_.flush_index(); !indexed) return indexed.error();
  const bool one = request.unique && request.response;
  auto found = log_.find({.query_id = request.query_id,
                          .owner = NameQuery(request.owner),
                          .response = request.response,
                          .limit = one ? 1 : kMaxContainers + 1});
  if (!found) return found.error();
  if (found->empty())
    return fault(FaultCode::not_found, "No signed documents found: " + request.owner.to_string() +
                                           " has logged no such message under this queryId here");
  if (found->size() > kMaxContainers)
    return fault(FaultCode::bad_request,
                 "More than " + std::to_string(kMaxContainers) +
                     " messages have this queryId; ask for one with unique and requestOnly or responseOnly");
  return found;
}

Result<std::vector<std::uint64_t>> LoggedEvidence::unstamped(const std::vector<FoundRecord>& records) const {
  std::optional<TimestampStore> store;
  if (TimestampStore::exists(directory_)) {
    auto opened = TimestampStore::open(directory_, true);
    if (!opened) return opened.error();
    store = *std::move(opened);
  }
  std::vector<std::uint64_t> ids;
  for (const FoundRecord& record : records) {
    const auto timestamp = store ? store->find(record.id) : Result<std::optional<Timestamp>>(std::nullopt);
    if (!timestamp) return timestamp.error();
    if (!*timestamp) ids.push_back(record.id);
  }
  return ids;
}

Result<std::string> LoggedEvidence::signature_of(std::uint64_t record) const {
  auto read = log_.read(record);
  if (!read) return read.error();
  return std::move(read->signature.signature);
}

Result<EvidenceFile> LoggedEvidence::write(const EvidenceRequest& request,
                                           const std::vector<FoundRecord>& records) const {
  auto finder = TimestampFinder::open(directory_);
  if (!finder) return finder.error();
  ContainerWriter containers(log_, *std::move(finder));
  EvidenceFile file;
  const evidence::ByteSink sink = [&file](ByteView octets) { return file.content.append(octets); };
  if (request.unique) {
    const FoundRecord& record = records.front();
    file.content_type = evidence::kAsicMimeType;
    file.name = evidence::container_name(record.query_id, record.response, record.id);
    if (auto written = containers.write(record.id, sink); !written) return written.error();
    return file;
  }
  file.content_type = kZipType;
  file.name = evidence::containers_name(request.query_id, request.response);
  if (auto written = write_zip(containers, records, sink); !written) return written.error();
  return file;
}

}  // namespace causeway::securityserver
