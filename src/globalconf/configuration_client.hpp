// SPDX-License-Identifier: MIT
// Downloads, verifies and stores the configuration of the own instance and of those it is
// federated with (trust.md 1.3, 1.4, 2.3, 6).
//
// Harder than X-Road's client where its trust goes further than its checks: a federated
// source yields the shared parameters of its own instance and nothing else; certificates
// are looked up in the location at hand and never remembered; a part cannot take the file
// name of another.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "globalconf/configuration_directory.hpp"
#include "globalconf/configuration_fault.hpp"
#include "globalconf/download_locations.hpp"
#include "globalconf/federation_filter.hpp"
#include "globalconf/fetcher.hpp"
#include "globalconf/loaded_view.hpp"
#include "globalconf/part_draft.hpp"
#include "globalconf/signed_directory.hpp"
#include "net/task.hpp"

namespace causeway::globalconf {

struct ConfigurationClientOptions {
  std::filesystem::path anchor_file;  // proxy.configuration-anchor-file
  std::filesystem::path directory;    // configuration-path
  FederationFilter federations;
  std::optional<int> fixed_version;  // none: the newest that the source has
  bool delete_other_instances = true;
  std::size_t directory_limit = std::size_t{1} << 20;
  std::size_t part_limit = std::size_t{512} << 20;
};

// What came of one source.
struct SourceReport {
  std::string instance;
  std::string url;  // of the directory, with its version; of the last location tried after a fault
  int version = 0;
  std::size_t stored = 0;     // parts that were new
  std::size_t refreshed = 0;  // parts of which only the expiry moved
  TimePoint expires;
  std::optional<Fault> fault;
};

struct CycleReport {
  SourceReport own;                     // without a fault, or the cycle had failed
  std::vector<SourceReport> federated;  // perhaps with faults
  std::vector<std::string> deleted;     // folders of instances
};

// What an anchor is expected to lead to, when it is only tried out.
enum class AnchorUse {
  any,
  internal_source,  // private parameters must be there
  external_source,  // shared parameters must be there, private ones must not
};

class ConfigurationClient {
 public:
  // `fetcher` outlives the client.
  ConfigurationClient(ConfigurationClientOptions options, Fetcher& fetcher, Shuffle shuffle = random_shuffle());

  // One at a time. Reads files and parses on the thread it runs on. A fault of the own
  // source ends the cycle and leaves what is stored as it was; its code is that of the first
  // location that answered, or of the last when none did, and its text names all.
  net::Task<Result<CycleReport>> run_cycle(TimePoint at = now());

  // Downloads by `anchor` and stores nothing. The identifiers of the parts that are there.
  net::Task<Result<std::vector<std::string>>> validate(Anchor anchor, AnchorUse use, TimePoint at = now());

  // By how much the clock here was ahead of that of the source that answered last; less than
  // nothing when it was behind. Nobody signs what time a source says it is: this is for people,
  // who have to find out why a configuration counts as expired, or does not.
  std::optional<std::chrono::seconds> clock_ahead() const { return clock_ahead_; }

 private:
  struct PartFile {
    DirectoryPart part;
    std::filesystem::path file;
    PartMetadata metadata;
    // Both absent: the stored file is the same. Shared parameters are large: what is to be
    // stored of them waits on the disk.
    std::optional<std::string> content;
    std::shared_ptr<PartDraft> draft;
    std::string image;  // of what is in the draft

    bool is_new() const { return content || draft; }
  };
  struct Download {
    DownloadLocation location;  // with its version
    SignedDirectory directory;
    std::vector<PartFile> files;
  };
  // Which parts of a source are taken.
  struct Wanted {
    std::string instance;
    bool own = false;    // the anchor's source, not a federated one
    bool stored = true;  // compare with what is stored
  };

  Result<void> read_anchor_file();
  net::Task<Result<SourceReport>> update(Anchor anchor, bool own, TimePoint at);
  net::Task<Result<Download>> download(Anchor anchor, Wanted wanted, SourceReport& report, TimePoint at);
  net::Task<Result<Download>> download_from(DownloadLocation location, Wanted wanted, TimePoint at);
  // Finds the version and fetches the directory; `location` gets the version.
  net::Task<Result<Bytes>> fetch_directory(DownloadLocation& location);
  void compare_clocks(const FetchedDocument& answer, const std::string& url);
  // Puts it into `file`, and holds it against its digest.
  net::Task<Result<void>> fetch_part(const DownloadLocation& location, PartFile& file, bool to_disk);

  Result<std::vector<PartFile>> select(const SignedDirectory& directory, const Wanted& wanted) const;
  Result<void> check_content(PartFile& file, int version) const;
  bool is_stored(const PartFile& file);
  // Parts of partners that came with the own configuration stay only while it names them.
  void drop_strangers(Download& download) const;
  Result<void> store(Download& download, std::string_view instance, SourceReport& report);
  Result<void> store(PartFile& file);

  std::vector<DownloadLocation> locations_of(const Anchor& anchor);
  std::vector<Anchor> partners() const;
  std::set<std::string> partner_names() const;

  ConfigurationClientOptions options_;
  Fetcher& fetcher_;
  Shuffle shuffle_;
  ConfigurationDirectory directory_;
  std::optional<Anchor> anchor_;
  std::optional<std::string> anchor_text_;
  std::optional<std::chrono::seconds> clock_ahead_;
  std::string clock_trouble_;  // said of it; empty while the clocks agree
  // Of each instance: the address that worked last, and the same with its version.
  struct Success {
    std::string url, versioned;
  };
  std::map<std::string, Success> successes_;
  // Sources named in stored shared parameters, so that these are not read every minute.
  struct StoredSources {
    FileStamp stamp;
    std::vector<ConfigurationSource> sources;
  };
  std::map<std::string, StoredSources> stored_sources_;
  // What the digest of a stored file is, so that large ones are not read every minute.
  struct StoredDigest {
    FileStamp stamp;
    pki::DigestAlgorithm algorithm;
    Bytes digest;
  };
  std::map<std::filesystem::path, StoredDigest> stored_digests_;
};

}  // namespace causeway::globalconf
