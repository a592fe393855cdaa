// SPDX-License-Identifier: MIT
// A small country for conformance cases: two real Security Servers (processes of the
// program), and a third that is registered like them but is played by the test, so that
// it can say what no honest server says. Started once for all cases.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/io_threads.hpp"
#include "pki/certificate.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/key.hpp"
#include "pki/ocsp_responder.hpp"
#include "secure_service_double.hpp"
#include "securityserver/configuration/server_configuration.hpp"
#include "service_double.hpp"

namespace causeway::conformance {

struct Identity {
  pki::PrivateKey key;
  pki::Certificate certificate;
  Bytes ocsp;
};

// Members:
// DEV/COM/consumer at SS1: subsystem `app` over HTTP; over HTTPS `tlsonly` with any
// certificate or none, `secure` with its own, `expired` with one that has expired,
// `uncertified`, which has none.
// DEV/COM/provider at SS2: subsystem `service`, over HTTP where it is a client; behind HTTPS `tls`, whose certificate
// is registered, `tlsnone` without any, `tlswrong` with another one. DEV/COM/double at SS3, the one played by the test:
// subsystems `service`, `app`. DEV/COM/provider/both is registered at SS2, at SS3 and at a server whose name has no
// address; DEV/COM/double/lost at one such server only, DEV/COM/double/scattered at two,
// DEV/COM/double/resting at a server that is in maintenance, and
// DEV/COM/provider/nowhere at none.
class Country {
 public:
  static Country& shared();
  // Of the servers, as INI, in place of what they usually have. Before shared().
  static std::string& more_parameters();
  // Of the tokens of SS1 and SS2.
  static constexpr std::string_view kPin = "Conformance-1";
  // Longer REST bodies are refused by the message logs, in octets.
  static constexpr std::size_t kLoggedBody = 16UL << 20;
  ~Country();

  const ClientId& app() const { return app_; }
  const ClientId& service() const { return service_; }                // at SS2
  const ClientId& double_service() const { return double_service_; }  // at SS3
  const ClientId& double_app() const { return double_app_; }          // at SS3

  net::Endpoint consumer_http() const { return {consumer_address_, http_port_}; }  // of SS1
  net::Endpoint consumer_https() const { return {consumer_address_, https_port_}; }
  net::Endpoint consumer_transport() const { return {consumer_address_, transport_port_}; }  // of SS1
  net::Endpoint provider_http() const { return {provider_address_, http_port_}; }            // of SS2
  net::Endpoint provider_transport() const { return {provider_address_, transport_port_}; }  // of SS2
  net::Endpoint provider_ocsp() const { return {provider_address_, ocsp_port_}; }
  net::Endpoint double_transport() const { return {double_address_, transport_port_}; }  // of SS3
  net::Endpoint double_ocsp() const { return {double_address_, ocsp_port_}; }

  // Keys of the member and of the server played by the test.
  const Identity& double_signing() const { return *double_signing_; }
  const Identity& double_authentication() const { return *double_authentication_; }
  // Of the information systems of DEV/COM/consumer/secure and /expired, and one that
  // nobody knows.
  const Identity& information_system() const { return *information_system_; }
  const Identity& expired() const { return *expired_; }
  const Identity& stranger() const { return *stranger_; }
  // Issued by the country's CA with valid OCSP, but registered for no server.
  Identity issue(const std::string& common_name, bool signing);
  Bytes ocsp_for(const pki::Certificate& certificate,
                 pki::CertificateStatus status = pki::CertificateStatus::good) const;

  // What the services of DEV/COM/provider/service answer.
  ServiceDouble& services() { return *services_; }
  // The time-stamping service of both servers, which only stamp when they are told to: they
  // run without an administration. It grants everything, until answer_with().
  ServiceDouble& timestamping() { return *timestamping_service_; }
  void grant_timestamps();
  const Identity& timestamping_authority() const { return *timestamping_; }
  const pki::Certificate& ca() const { return *ca_; }
  // The services of DEV/COM/provider/tls, /tlsnone and /tlswrong, and one that takes no
  // certificate for good.
  SecureServiceDouble& secure_services() { return *secure_services_; }

  const ClientId& both() const { return both_; }
  const ClientId& resting() const { return resting_; }

  // Sends a signal to every process of the servers.
  void send_signal(int signal) const;
  // The signer of SS1 or SS2, by its directory: ended and waited for, started again. It
  // dies with the thread that starts it.
  void stop_signer(const std::filesystem::path& server);
  void start_signer(const std::filesystem::path& server);

  // Gives SS1 or SS2 a new authentication key, as its administrator and the centre would:
  // registered beside the one before, which is then disabled. Its certificate.
  pki::Certificate replace_authentication_key(const std::filesystem::path& server);

  // What the proxy of SS1 or SS2 has logged so far.
  std::string log_of(const std::filesystem::path& server) const;

  net::IoThreads& threads() { return threads_; }
  net::HttpClient& client() { return *client_; }  // on thread 0
  const std::filesystem::path& directory() const { return directory_; }
  std::filesystem::path consumer_directory() const { return directory_ / "ss1"; }
  std::filesystem::path provider_directory() const { return directory_ / "ss2"; }

 private:
  Country();
  struct Server;
  void establish_authority();
  void make_identities();
  void give_keys(Server& server);
  void write_ocsp(const std::filesystem::path& server, const pki::Certificate& certificate) const;
  void write_server(const Server& server);
  void write_global_configuration() const;
  securityserver::ServerConfiguration consumer_configuration() const;
  securityserver::ServerConfiguration provider_configuration() const;
  securityserver::Client provider_client(const ClientId& id) const;
  void add_secure_clients(securityserver::ServerConfiguration& configuration) const;
  struct Validity {
    TimePoint from, to;
  };
  pki::Certificate certify(const std::vector<std::pair<std::string, std::string>>& subject, const pki::PublicKey& key,
                           pki::CertificateKind kind, std::optional<Validity> validity = {}) const;
  void start(const std::vector<std::string>& arguments, const std::string& name);
  void wait_until_ready();

  std::filesystem::path directory_;
  ClientId app_, service_, double_service_, double_app_, both_, resting_;
  std::string consumer_address_, provider_address_, double_address_;
  std::uint16_t http_port_, https_port_, transport_port_, ocsp_port_;
  net::IoThreads threads_{2};
  std::unique_ptr<net::HttpClient> client_;
  std::unique_ptr<ServiceDouble> services_, timestamping_service_;
  std::unique_ptr<SecureServiceDouble> secure_services_, suspicious_services_;
  std::unique_ptr<pki::PrivateKey> ca_key_;
  std::unique_ptr<pki::Certificate> ca_;
  std::unique_ptr<Identity> double_signing_, double_authentication_, information_system_, expired_, stranger_,
      timestamping_;
  std::vector<Server> servers_;
  std::map<std::string, pid_t> processes_;  // by the name of their log
};

}  // namespace causeway::conformance
