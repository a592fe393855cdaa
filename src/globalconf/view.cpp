// SPDX-License-Identifier: MIT
#include "globalconf/view.hpp"

#include "domain/fault_code.hpp"
#include "globalconf/loaded_view.hpp"

namespace causeway::globalconf {
namespace {

class EmptyView final : public View {
 public:
  const pki::ApprovedCa* issuer_of(std::string_view, const pki::Certificate&) const override { return nullptr; }
  const pki::ApprovedCa* issuer_of(const pki::Certificate&) const override { return nullptr; }
  std::vector<pki::Certificate> ocsp_signer_candidates() const override { return {}; }
  pki::OcspPolicy ocsp_policy() const override { return {}; }

  const std::string& own_instance() const override { return own_instance_; }
  Result<void> check_valid(TimePoint) const override {
    return fault(FaultCode::global_conf_outdated, "There is no global configuration yet");
  }
  std::vector<std::string> instances() const override { return {}; }
  bool has_instance(std::string_view) const override { return false; }
  std::vector<const ServerEntry*> servers_of(const ClientId&) const override { return {}; }
  const ServerEntry* server(const ServerId&) const override { return nullptr; }
  const ServerEntry* server_by_auth_certificate(const pki::Certificate&) const override { return nullptr; }
  bool serves(const ServerEntry&, const ClientId&) const override { return false; }
  bool in_global_group(const GlobalGroupId&, const ClientId&) const override { return false; }
  std::vector<MemberEntry> members(std::string_view) const override { return {}; }
  std::vector<pki::Certificate> chain_of(const pki::Certificate& leaf, std::string_view) const override {
    return {leaf};
  }
  std::vector<pki::Certificate> all_cas() const override { return {}; }

 private:
  std::string own_instance_;
};

}  // namespace

const InstanceSettings* View::settings(std::string_view) const { return nullptr; }
const PrivateParameters* View::private_parameters() const { return nullptr; }
int View::version_of(std::string_view) const { return 0; }
bool View::has_client(const ClientId&) const { return false; }
std::vector<const ServerEntry*> View::servers(std::string_view) const { return {}; }
std::optional<ClientId> View::monitoring_client() const { return std::nullopt; }
std::chrono::seconds View::ocsp_fetch_interval() const { return kDefaultOcspFetchInterval; }
std::chrono::seconds View::timestamping_interval() const { return std::chrono::seconds(60); }
std::optional<TimePoint> View::expires() const { return std::nullopt; }
std::optional<TimePoint> View::expires(std::string_view) const { return std::nullopt; }

Result<std::shared_ptr<const View>> load_view(const std::string& directory) {
  auto view = LoadedView::load(ConfigurationDirectory(directory), nullptr, now());
  if (!view) return std::move(view).error();
  return std::shared_ptr<const View>(*std::move(view));
}

std::shared_ptr<const View> empty_view() { return std::make_shared<EmptyView>(); }

}  // namespace causeway::globalconf
