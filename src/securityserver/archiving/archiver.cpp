// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archiver.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "base/background.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/messagelog/open_file.hpp"
#include "securityserver/timestamping/timestamp_store.hpp"
#include "supervision/child_program.hpp"

namespace causeway::securityserver {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPage = 1000;
constexpr std::chrono::minutes kTransferTime{30};

Result<OpenFile> lock_archives(const std::string& directory) {
  auto file = OpenFile::open(directory + "/archive.lock", O_RDWR | O_CREAT);
  if (!file) return file.error();
  auto locked = file->lock();
  if (!locked) return locked.error();
  if (!*locked) return fault(FaultCode::io_error, "messages are being archived by another process");
  return file;
}

Result<void> give_name(ArchiveStore& store, const PendingArchive& archive) {
  if (::rename(archive.temporary.c_str(), archive.final.c_str()) != 0)
    return fault(FaultCode::io_error, "cannot rename " + archive.temporary + ": " + std::strerror(errno));
  if (auto synced = sync_directory(fs::path(archive.final).parent_path()); !synced) return synced;
  return store.settle();
}

// An archive that a crash kept from its name. When it is nowhere, its disk may not be
// there: what was archived must not count as done without it.
Result<void> finish_pending(ArchiveStore& store) {
  auto pending = store.pending();
  if (!pending) return pending.error();
  if (!*pending) return {};
  const PendingArchive& archive = **pending;
  std::error_code error;
  if (fs::exists(archive.temporary, error)) return give_name(store, archive);
  if (fs::exists(archive.final, error)) return store.settle();
  return fault(FaultCode::io_error, "the last archive is missing, neither " + archive.temporary + " nor " +
                                        archive.final +
                                        " exists: bring its disk back, or, if it was taken away already, make an "
                                        "empty file of the latter name until archiving has gone on");
}

Result<void> remove_temporaries(const fs::path& directory, const std::string& tag) {
  std::error_code error;
  fs::directory_iterator entry(directory, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    if (is_temporary_archive(entry->path().filename(), tag)) fs::remove(entry->path(), error);
  if (error) return fault(FaultCode::io_error, directory.string() + ": " + error.message());
  return {};
}

}  // namespace

// One run over the records up to one of them.
class Archiver::Run {
 public:
  Run(const ArchivingSettings& settings, ArchiveStore store, std::string tag, RecordReader reader,
      TimestampFinder finder, const std::function<bool()>& keep_going)
      : settings_(settings),
        store_(std::move(store)),
        tag_(std::move(tag)),
        reader_(std::move(reader)),
        finder_(std::move(finder)),
        keep_going_(keep_going) {}

  Result<ArchivingReport> run(std::uint64_t stamped) {
    auto from = store_.archived_until();
    if (!from) return from.error();
    // An index that is being made anew may lack what is stamped: that is for the next time.
    auto indexed = reader_.last_id();
    if (!indexed) return indexed.error();
    from_ = report_.archived_until = *from;
    until_ = std::min(stamped, *indexed);
    if (until_ <= from_) return report_;
    if (auto archived = archive_all(); !archived && keep_going_()) return archived.error();
    return report_;
  }

 private:
  Result<void> archive_all() {
    auto groups = look_through();
    if (!groups) return groups.error();
    for (const std::string& group : *groups)
      if (auto archived = archive(group); !archived) return archived;
    if (auto noted = store_.set_archived_until(until_); !noted) return noted;
    report_.archived_until = until_;
    return {};
  }

  // Calls `each` for the records of the run, in their order.
  Result<void> for_each(LogQuery query, const std::function<Result<void>(const FoundRecord&)>& each) {
    query.limit = kPage;
    for (;;) {
      auto page = reader_.find(query);
      if (!page) return page.error();
      for (const FoundRecord& record : *page) {
        if (record.id > until_) return {};
        if (!keep_going_()) return fault(FaultCode::io_error, "archiving was given up");
        pace_.give_way();
        if (auto done = each(record); !done) return done;
      }
      if (page->size() < kPage) return {};
      query.after = page->back().id;
    }
  }

  // The owners whose records make a group each.
  Result<std::set<std::string>> look_through() {
    std::set<std::string> groups;
    std::uint64_t records = 0;
    auto looked = for_each({.after = from_}, [&](const FoundRecord& record) -> Result<void> {
      groups.insert(owner_of_group(record));
      ++records;
      return {};
    });
    if (!looked) return looked.error();
    // Ids are given without a gap.
    if (records < until_ - from_) pass_over(until_ - from_ - records, "some records are lost by damage");
    return groups;
  }

  std::string owner_of_group(const FoundRecord& record) const {
    if (settings_.grouping == ArchiveGrouping::member) return member_of(record.owner);
    if (settings_.grouping == ArchiveGrouping::subsystem) return record.owner;
    return {};
  }

  Result<void> archive(const std::string& owner) {
    auto chain = store_.chain(group_name(settings_.grouping, owner));
    if (!chain) return chain.error();
    chain_ = *std::move(chain);
    LogQuery query{.after = std::max(from_, chain_.archived_until)};
    if (!owner.empty()) query.owner = NameQuery(owner, settings_.grouping == ArchiveGrouping::member);
    auto added = for_each(std::move(query), [this](const FoundRecord& record) { return add(record); });
    if (added) return finish();
    file_.reset();
    return added;
  }

  Result<void> add(const FoundRecord& found) {
    auto already = store_.is_archived(found);
    if (!already) return already.error();
    if (*already) return {};
    auto record = reader_.read(found.id);
    if (!record) return record.error();
    if (!*record) {
      pass_over(1, "record " + std::to_string(found.id) + " is damaged");
      return {};
    }
    auto timestamp = finder_.find(found.id, (*record)->signature.signature);
    if (!timestamp) return timestamp.error();
    // Time-stamping goes on behind signatures that it cannot read.
    if (!*timestamp) {
      pass_over(1, "record " + std::to_string(found.id) + " has no time-stamp");
      return {};
    }
    if (!file_)
      if (auto begun = begin((*record)->owner); !begun) return begun;
    if (auto added = file_->add(**record, **timestamp); !added) return added;
    chain_.archived_until = found.id;
    if (file_->size() > settings_.max_file_size || file_->records() >= settings_.batch) return finish();
    return {};
  }

  void pass_over(std::uint64_t records, const std::string& why) {
    log::error("message log: {}, and cannot be archived", why);
    report_.damaged += records;
  }

  Result<void> begin(const ClientId& owner) {
    if (auto room = check_room(settings_.path, 2 * settings_.max_file_size + kRoomLeft); !room) return room;
    std::optional<ClientId> group;
    if (settings_.grouping == ArchiveGrouping::member) group = owner.member();
    if (settings_.grouping == ArchiveGrouping::subsystem) group = owner;
    auto begun = ArchiveFile::begin(settings_, temporary_archive_name(tag_), std::move(group), chain_, keep_going_);
    if (!begun) return begun.error();
    file_ = *std::move(begun);
    return {};
  }

  // First the archive is on disk, then it is known that its records are archived, then it
  // gets its name; finish_pending goes on wherever that was broken off.
  Result<void> finish() {
    if (!file_) return {};
    const std::uint64_t records = file_->records();
    auto pending = file_->finish(chain_);
    file_.reset();
    if (!pending) return pending.error();
    if (auto noted = store_.add(chain_, *pending); !noted) return noted;
    if (auto named = give_name(store_, *pending); !named) return named;
    ++report_.archives;
    report_.records += records;
    log::info("message log: archived {} records in {}", records, pending->final);
    transfer();
    return {};
  }

  // Failures are told, and nothing else: the archive is there for the next time.
  void transfer() {
    if (settings_.transfer_command.empty()) return;
    auto command =
        supervision::ChildProgram::start({"/bin/bash", "-c", settings_.transfer_command}, kTransferTime, keep_going_);
    auto ended = command ? command->wait() : Result<void>(command.error());
    report_.transfer = ended ? std::nullopt : std::optional(ended.error());
    if (!ended) log::error("message-log.archive-transfer-command: {}", ended.error().text);
  }

  const ArchivingSettings& settings_;
  ArchiveStore store_;
  const std::string tag_;
  RecordReader reader_;
  TimestampFinder finder_;
  BackgroundPace pace_;
  const std::function<bool()>& keep_going_;
  std::uint64_t from_ = 0, until_ = 0;  // records of the run: behind the one, up to the other
  ArchiveChain chain_;
  std::unique_ptr<ArchiveFile> file_;
  ArchivingReport report_;
};

Result<ArchivingReport> Archiver::run(const std::function<bool()>& keep_going) {
  const std::string& directory = log_.directory;
  if (!TimestampStore::exists(directory)) return ArchivingReport{};
  if (auto made = make_directories(settings_.path); !made) return made.error();
  auto lock = lock_archives(directory);
  if (!lock) return lock.error();
  auto store = ArchiveStore::open(directory);
  if (!store) return store.error();
  auto tag = store->tag();
  if (!tag) return tag.error();
  if (auto finished = finish_pending(*store); !finished) return finished.error();
  if (auto removed = remove_temporaries(settings_.path, *tag); !removed) return removed.error();
  auto timestamps = TimestampStore::open(directory, true);
  if (!timestamps) return timestamps.error();
  auto until = timestamps->stamped_until();
  if (!until) return until.error();
  auto reader = RecordReader::open(log_, cipher_);
  if (!reader) return reader.error();
  auto finder = TimestampFinder::open(directory);
  if (!finder) return finder.error();
  return Run(settings_, *std::move(store), *std::move(tag), *std::move(reader), *std::move(finder), keep_going)
      .run(until->record);
}

}  // namespace causeway::securityserver
