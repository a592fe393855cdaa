// SPDX-License-Identifier: MIT
// A small country for conformance cases: two real Security Servers (processes of the
// program), and a third that is registered like them but is played by the test, so that
// it can say what no honest server says. Started once for all cases.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/io_threads.hpp"
#include "pki/certificate.hpp"
#include "pki/key.hpp"
#include "pki/ocsp_responder.hpp"
#include "securityserver/configuration/server_configuration.hpp"
#include "service_double.hpp"

namespace causeway::conformance {

struct Identity {
  pki::PrivateKey key;
  pki::Certificate certificate;
  Bytes ocsp;
};

// Members: DEV/COM/consumer at SS1 (subsystem `app` over HTTP, `secure` over HTTPS with a
// certificate, `tlsonly` over HTTPS), DEV/COM/provider at SS2 (subsystem `service`),
// DEV/COM/double at SS3, the one played by the test (subsystems `service`, `app`).
// DEV/COM/provider/both is registered at SS2 and SS3.
class Country {
 public:
  static Country& shared();
  ~Country();

  const ClientId& app() const { return app_; }
  const ClientId& service() const { return service_; }                // at SS2
  const ClientId& double_service() const { return double_service_; }  // at SS3
  const ClientId& double_app() const { return double_app_; }          // at SS3

  net::Endpoint consumer_http() const { return {consumer_address_, http_port_}; }  // of SS1
  net::Endpoint consumer_https() const { return {consumer_address_, https_port_}; }
  net::Endpoint provider_transport() const { return {provider_address_, transport_port_}; }  // of SS2
  net::Endpoint provider_ocsp() const { return {provider_address_, ocsp_port_}; }
  net::Endpoint double_transport() const { return {double_address_, transport_port_}; }  // of SS3
  net::Endpoint double_ocsp() const { return {double_address_, ocsp_port_}; }

  // Keys of the member and of the server played by the test.
  const Identity& double_signing() const { return *double_signing_; }
  const Identity& double_authentication() const { return *double_authentication_; }
  // Of the information system of DEV/COM/consumer/secure, and one that nobody knows.
  const Identity& information_system() const { return *information_system_; }
  const Identity& stranger() const { return *stranger_; }
  // Issued by the country's CA with valid OCSP, but registered for no server.
  Identity issue(const std::string& common_name, bool signing);

  // What the services of DEV/COM/provider/service answer.
  ServiceDouble& services() { return *services_; }

  // Registered at SS2 and SS3, and at a server that is in maintenance.
  const ClientId& both() const { return both_; }
  const ClientId& resting() const { return resting_; }

  // Sends a signal to every process of the servers.
  void send_signal(int signal) const;

  net::IoThreads& threads() { return threads_; }
  net::HttpClient& client() { return *client_; }  // on thread 0
  const std::filesystem::path& directory() const { return directory_; }
  std::filesystem::path consumer_directory() const { return directory_ / "ss1"; }
  std::filesystem::path provider_directory() const { return directory_ / "ss2"; }

 private:
  Country();
  struct Server;
  void write_server(const Server& server);
  void write_global_configuration(const std::vector<Server>& servers);
  securityserver::ServerConfiguration consumer_configuration() const;
  securityserver::ServerConfiguration provider_configuration() const;
  Bytes ocsp_for(const pki::Certificate& certificate);
  pki::Certificate certify(const std::vector<std::pair<std::string, std::string>>& subject, const pki::PublicKey& key,
                           bool signing);
  void start(const std::vector<std::string>& arguments, const std::string& name);
  void wait_until_ready();

  std::filesystem::path directory_;
  ClientId app_, service_, double_service_, double_app_, both_, resting_;
  std::string consumer_address_, provider_address_, double_address_;
  std::uint16_t http_port_, https_port_, transport_port_, ocsp_port_;
  net::IoThreads threads_{2};
  std::unique_ptr<net::HttpClient> client_;
  std::unique_ptr<ServiceDouble> services_;
  std::unique_ptr<pki::PrivateKey> ca_key_;
  std::unique_ptr<pki::Certificate> ca_;
  std::unique_ptr<pki::OcspResponder> responder_;
  std::unique_ptr<Identity> double_signing_, double_authentication_, information_system_, stranger_;
  std::vector<pid_t> processes_;
};

}  // namespace causeway::conformance
