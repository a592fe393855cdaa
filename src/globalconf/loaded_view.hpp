// SPDX-License-Identifier: MIT
// The view that is read from a configuration directory.
#pragma once

#include <map>

#include "globalconf/configuration_directory.hpp"
#include "globalconf/instance.hpp"
#include "globalconf/view.hpp"

namespace causeway::globalconf {

// Tells a replaced file from the one that was read: files are replaced by renaming.
struct FileStamp {
  std::uint64_t inode = 0, size = 0;
  std::int64_t changed_ns = 0;
  bool operator==(const FileStamp&) const = default;
  // Zeros for a file that is not there.
  static FileStamp of(const std::filesystem::path& file);
};

class LoadedView final : public View {
 public:
  // What of `before` did not change is taken over. nullptr: everything is read.
  static Result<std::shared_ptr<const LoadedView>> load(const ConfigurationDirectory& directory,
                                                        const LoadedView* before, TimePoint at);

  const pki::ApprovedCa* issuer_of(std::string_view instance, const pki::Certificate& certificate) const override;
  const pki::ApprovedCa* issuer_of(const pki::Certificate& certificate) const override;
  std::vector<pki::Certificate> ocsp_signer_candidates() const override;
  pki::OcspPolicy ocsp_policy() const override;

  const std::string& own_instance() const override { return own_instance_; }
  Result<void> check_valid(TimePoint at) const override;
  std::vector<std::string> instances() const override;
  bool has_instance(std::string_view instance) const override { return find(instance) != nullptr; }
  std::vector<const ServerEntry*> servers_of(const ClientId& provider) const override;
  const ServerEntry* server(const ServerId& id) const override;
  const ServerEntry* server_by_auth_certificate(const pki::Certificate& certificate) const override;
  bool serves(const ServerEntry& server, const ClientId& client) const override;
  bool in_global_group(const GlobalGroupId& group, const ClientId& client) const override;
  std::vector<MemberEntry> members(std::string_view instance) const override;
  std::vector<pki::Certificate> chain_of(const pki::Certificate& leaf, std::string_view instance) const override;
  std::vector<pki::Certificate> all_cas() const override;

  const InstanceSettings* settings(std::string_view instance) const override;
  const PrivateParameters* private_parameters() const override { return private_ ? &*private_ : nullptr; }
  int version_of(std::string_view instance) const override;
  bool has_client(const ClientId& id) const override;
  std::vector<const ServerEntry*> servers(std::string_view instance) const override;
  std::optional<ClientId> monitoring_client() const override { return monitoring_client_; }
  std::chrono::seconds ocsp_fetch_interval() const override { return ocsp_fetch_interval_; }
  std::chrono::seconds timestamping_interval() const override;
  std::optional<TimePoint> expires() const override;
  std::optional<TimePoint> expires(std::string_view instance) const override;
  // How many shared parameters were not taken over from the view before.
  std::size_t instances_opened() const { return opened_; }
  // When the next of the foreign instances in the view expires; the end of time without.
  TimePoint next_foreign_expiry() const;

 private:
  struct Part {
    std::shared_ptr<const Instance> instance;
    FileStamp stamp;
    std::optional<TimePoint> expires;
  };

  Result<void> read(const ConfigurationDirectory& directory, const LoadedView* before, TimePoint at);
  Result<void> read_shared(const std::filesystem::path& folder, const LoadedView* before, TimePoint at);
  Result<void> read_private(const ConfigurationDirectory& directory);
  void read_optional_parts(const ConfigurationDirectory& directory);
  void index_certificates();

  const Instance* find(std::string_view instance) const;

  std::size_t opened_ = 0;
  std::string own_instance_;
  std::map<std::string, Part, std::less<>> parts_;  // by instance
  std::optional<PrivateParameters> private_;
  std::optional<TimePoint> private_expires_;
  std::optional<ClientId> monitoring_client_;
  std::chrono::seconds ocsp_fetch_interval_ = kDefaultOcspFetchInterval;
  bool verify_next_update_ = true;
  pki::DigestAlgorithm auth_hash_ = pki::DigestAlgorithm::sha256;
  std::unordered_map<std::string_view, const ServerEntry*> servers_by_auth_hash_;  // texts of the instances
  std::vector<pki::Certificate> ca_certificates_, ocsp_signers_;
};

}  // namespace causeway::globalconf
