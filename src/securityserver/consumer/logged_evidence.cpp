// SPDX-License-Identifier: MIT
#include "securityserver/consumer/logged_evidence.hpp"

#include <fcntl.h>

#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "evidence/container_names.hpp"
#include "evidence/zip_writer.hpp"
#include "openpgp/encryption.hpp"
#include "securityserver/archiving/record_container.hpp"
#include "securityserver/messagelog/open_file.hpp"
#include "securityserver/timestamping/timestamp_finder.hpp"

namespace causeway::securityserver {
namespace {

constexpr const char* kZipType = "application/zip";
constexpr const char* kEncryptedType = "application/octet-stream";
constexpr const char* kEncryptedSuffix = ".gpg";
constexpr std::size_t kPiece = 256 * 1024;
constexpr std::string_view kTemporaryPrefix = "tmp-asic-";

struct TemporaryFile {
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
  const std::filesystem::path path;
};

// Of a process that was killed.
void remove_temporary_files(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->path().filename().string().starts_with(kTemporaryPrefix)) std::filesystem::remove(it->path(), ignored);
  }
}

Result<void> append_file(const std::string& path, Spool& content) {
  const auto file = OpenFile::open(path, O_RDONLY);
  if (!file) return file.error();
  Bytes piece(kPiece);
  for (;;) {
    const auto read = file->read_at(content.size(), piece);
    if (!read) return read.error();
    if (*read == 0) return {};
    if (auto appended = content.append(ByteView(piece).first(*read)); !appended) return appended;
  }
}

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
    auto written = containers.write(record.id, [&zip](ByteView octets) { return zip.write(octets); });
    if (!written) return written;
    if (auto ended = zip.end(); !ended) return ended;
  }
  return zip.finish();
}

}  // namespace

LoggedEvidence::LoggedEvidence(MessageLog& log, std::string directory, std::filesystem::path spool,
                               Result<ArchivingSettings> archiving)
    : log_(log), directory_(std::move(directory)), spool_(std::move(spool)), archiving_(std::move(archiving)) {
  remove_temporary_files(spool_);
}

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

Result<SharedText> LoggedEvidence::signature_of(std::uint64_t record) const {
  auto read = log_.read(record);
  if (!read) return read.error();
  return read->signature.signature;
}

Result<EvidenceFile> LoggedEvidence::write(const EvidenceRequest& request,
                                           const std::vector<FoundRecord>& records) const {
  if (!archiving_) return archiving_.error();
  const FoundRecord& first = records.front();
  EvidenceFile file;
  file.content_type = request.unique ? evidence::kAsicMimeType : kZipType;
  file.name = request.unique ? evidence::container_name(first.query_id, first.response, first.id)
                             : evidence::containers_name(request.query_id, request.response);
  Result<void> written;
  if (archiving_->keys) {
    file.content_type = kEncryptedType;
    file.name += kEncryptedSuffix;
    written = write_encrypted(request, records, file.content);
  } else {
    written = write_to(request, records, [&file](ByteView octets) { return file.content.append(octets); });
  }
  if (!written) return written.error();
  return file;
}

Result<void> LoggedEvidence::write_to(const EvidenceRequest& request, const std::vector<FoundRecord>& records,
                                      const evidence::ByteSink& sink) const {
  auto finder = TimestampFinder::open(directory_);
  if (!finder) return finder.error();
  ContainerWriter containers(log_, *std::move(finder));
  const evidence::ByteSink stoppable = [this, &sink](ByteView octets) {
    return stopping_ ? Result<void>(fault(FaultCode::io_error, "the server is stopping")) : sink(octets);
  };
  return request.unique ? containers.write(records.front().id, stoppable) : write_zip(containers, records, stoppable);
}

// gpg needs a name to write to; the file has one for no longer than that takes.
Result<void> LoggedEvidence::write_encrypted(const EvidenceRequest& request, const std::vector<FoundRecord>& records,
                                             Spool& content) const {
  const TemporaryFile file{spool_ / (std::string(kTemporaryPrefix) + random_uuid())};
  std::optional<ClientId> group;
  if (archiving_->grouping == ArchiveGrouping::member) group = request.owner.member();
  if (archiving_->grouping == ArchiveGrouping::subsystem) group = request.owner;
  auto encryption = openpgp::start_encryption(archiving_->keys->home, archiving_->keys->of(group), file.path.string(),
                                              [this] { return !stopping_; });
  if (!encryption) return encryption.error();
  auto written = write_to(request, records, [&encryption](ByteView octets) { return encryption->write(octets); });
  if (!written) return written;
  if (auto ended = encryption->wait(); !ended) return ended;
  return append_file(file.path.string(), content);
}

}  // namespace causeway::securityserver
