// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archive_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "evidence/container_names.hpp"
#include "openpgp/encryption.hpp"
#include "pki/digest.hpp"
#include "securityserver/archiving/archive_room.hpp"
#include "securityserver/messagelog/open_file.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::string_view kTemporaryPrefix = "tmp-mlog-";
constexpr std::string_view kTemporarySuffix = ".tmp";
// After so many octets the room is looked at again.
constexpr std::uint64_t kLookAtRoom = 16UL << 20;
// So many are given to the disk together: the flush of a whole archive at its end would keep
// those of the message log waiting.
constexpr std::uint64_t kWriteOut = 1UL << 20;

std::string temporary_prefix(const std::string& tag) { return std::string(kTemporaryPrefix) + tag + "-"; }

// Where the octets of an archive go: into the file, or through gpg into it.
class Output {
 public:
  static Result<Output> open(const ArchivingSettings& settings, const std::string& name,
                             const std::optional<ClientId>& group, std::function<bool()> keep_going) {
    Output output(settings.path, name, keep_going);
    auto file = OpenFile::open(output.path_, O_RDWR | O_CREAT | O_EXCL);
    if (!file) return file.error();
    output.file_ = *std::move(file);
    if (!settings.keys) return output;
    auto encryption =
        openpgp::start_encryption(settings.keys->home, settings.keys->of(group), output.path_, std::move(keep_going));
    if (!encryption) return encryption.error();
    output.encryption_.emplace(*std::move(encryption));
    return output;
  }
  Output(Output&& other) noexcept
      : directory_(std::move(other.directory_)),
        path_(std::exchange(other.path_, {})),
        keep_going_(std::move(other.keep_going_)),
        file_(std::move(other.file_)),
        encryption_(std::move(other.encryption_)),
        size_(other.size_),
        looked_at_(other.looked_at_),
        written_out_(other.written_out_) {}
  ~Output() {
    encryption_.reset();
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  Result<void> write(ByteView octets) {
    if (!keep_going_()) return fault(FaultCode::io_error, path_ + " was given up");
    if (size_ - looked_at_ >= kLookAtRoom) {
      if (auto room = check_room(directory_, kRoomLeft); !room) return room;
      looked_at_ = size_;
    }
    auto written = encryption_ ? encryption_->write(octets) : file_->write_at(size_, octets);
    size_ += octets.size();
    if (written && !encryption_ && size_ - written_out_ >= kWriteOut) {
      file_->begin_write_out(written_out_, size_ - written_out_);
      written_out_ = size_;
    }
    return written;
  }
  // The path of what is now complete and on disk.
  Result<std::string> finish() {
    if (encryption_) {
      if (auto ended = encryption_->wait(); !ended) return ended.error();
      auto encrypted = OpenFile::open(path_, O_RDWR);  // gpg may have made the file anew
      if (!encrypted) return encrypted.error();
      file_ = *std::move(encrypted);
    }
    if (auto synced = file_->sync(); !synced) return synced.error();
    if (auto synced = sync_directory(directory_); !synced) return synced.error();
    return std::exchange(path_, {});
  }

 private:
  Output(const std::filesystem::path& directory, const std::string& name, std::function<bool()> keep_going)
      : directory_(directory.string()), path_((directory / name).string()), keep_going_(std::move(keep_going)) {}

  std::string directory_;
  std::string path_;  // empty when it is not ours to remove
  std::function<bool()> keep_going_;
  std::optional<OpenFile> file_;
  std::optional<supervision::ChildProgram> encryption_;
  std::uint64_t size_ = 0;         // octets handed over
  std::uint64_t looked_at_ = 0;    // of these, when the room was looked at
  std::uint64_t written_out_ = 0;  // of these, on their way to the disk
};

std::string name_of(const std::optional<ClientId>& group) {
  if (!group) return {};
  std::string name = group->instance() + "/" + group->member_class() + "/" + group->member_code();
  if (group->is_subsystem()) name += "/" + group->subsystem();
  return name;
}

class WrittenArchive : public ArchiveFile {
 public:
  WrittenArchive(const ArchivingSettings& settings, std::optional<ClientId> group, const ArchiveChain& chain,
                 Output output)
      : settings_(settings),
        group_(std::move(group)),
        output_(std::move(output)),
        zip_([this](ByteView octets) { return output_.write(octets); }, compressor_) {
    linking_.previous_link = chain.last_link;
    linking_.previous_file = chain.last_file;
    linking_.algorithm = settings.algorithm;
  }

  Result<void> add(const LogRecord& record, const TimestampEvidence& timestamp) override {
    const std::string name = evidence::container_name(record.query_id, record.response, record.id);
    if (auto begun = zip_.begin(name, record.time, evidence::ZipCompression::none); !begun) return begun;
    pki::Hasher hasher(settings_.algorithm);
    const auto into_archive = [&](ByteView octets) {
      hasher.update(octets);
      size_ += octets.size();
      return zip_.write(octets);
    };
    auto written = write_container(record, timestamp, into_archive, compressor_);
    if (!written) return written;
    if (auto ended = zip_.end(); !ended) return ended;
    linking_.add(name, hasher.finish());
    first_ = std::min(first_, record.time);
    last_ = std::max(last_, record.time);
    return {};
  }

  std::uint64_t size() const override { return size_; }
  std::uint64_t records() const override { return linking_.lines.size(); }

  Result<PendingArchive> finish(ArchiveChain& chain) override {
    auto added =
        zip_.add(evidence::kLinkingInfoFile, as_bytes(linking_.to_text()), last_, evidence::ZipCompression::none);
    if (added) added = zip_.finish();
    if (!added) return added.error();
    auto temporary = output_.finish();
    if (!temporary) return temporary.error();
    chain.last_link = linking_.last_link();
    chain.last_file =
        evidence::archive_name(name_of(group_), first_, last_, chain.last_link, settings_.keys.has_value());
    return PendingArchive{*std::move(temporary), (settings_.path / chain.last_file).string()};
  }

 private:
  const ArchivingSettings& settings_;
  const std::optional<ClientId> group_;
  Output output_;
  // Of containers, whose entries are compressed, and of the archive, which is not once more.
  const std::shared_ptr<evidence::Compressor> compressor_ = std::make_shared<evidence::Compressor>();
  evidence::ZipWriter zip_;
  evidence::LinkingInfo linking_;
  std::uint64_t size_ = 0;
  TimePoint first_ = TimePoint::max(), last_ = TimePoint::min();
};

}  // namespace

std::string temporary_archive_name(const std::string& tag) {
  return temporary_prefix(tag) + random_uuid() + std::string(kTemporarySuffix);
}

bool is_temporary_archive(const std::string& file_name, const std::string& tag) {
  return file_name.starts_with(temporary_prefix(tag)) && file_name.ends_with(kTemporarySuffix);
}

Result<std::unique_ptr<ArchiveFile>> ArchiveFile::begin(const ArchivingSettings& settings, const std::string& temporary,
                                                        std::optional<ClientId> group, const ArchiveChain& chain,
                                                        const std::function<bool()>& keep_going) {
  auto output = Output::open(settings, temporary, group, keep_going);
  if (!output) return output.error();
  return std::unique_ptr<ArchiveFile>(
      std::make_unique<WrittenArchive>(settings, std::move(group), chain, *std::move(output)));
}

}  // namespace causeway::securityserver
