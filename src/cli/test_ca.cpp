// SPDX-License-Identifier: MIT
// causeway test-ca: trust services for development.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "base/files.hpp"
#include "cli/commands.hpp"
#include "testca/server.hpp"

namespace causeway::cli {
namespace {

struct Options {
  std::string folder, address = "127.0.0.1", name = "Test";
  std::int64_t port = 0;
  bool ec = false, json = false;
  std::string csr, type, out, serial;
};

int failed(const Fault& why) {
  fmt::print(stderr, "causeway: {}\n", why.text);
  return kFailed;
}

int serve(const Options& options) {
  if (options.folder.empty()) {
    fmt::print(stderr, "causeway: --dir is required\n");
    return kUsage;
  }
  constexpr std::int64_t kMaxPort = 65535;
  if (options.port < 0 || options.port > kMaxPort) {
    fmt::print(stderr, "causeway: there is no port {}\n", options.port);
    return kUsage;
  }
  const auto done = testca::run_test_ca({.folder = options.folder,
                                         .address = options.address,
                                         .port = static_cast<std::uint16_t>(options.port),
                                         .init = {.name = options.name, .ec_keys = options.ec}});
  return done ? kOk : failed(done.error());
}

int init(const Options& options) {
  const auto ca = testca::TestCa::create(options.folder, {.name = options.name, .ec_keys = options.ec}, now());
  if (!ca) return failed(ca.error());
  fmt::print("{}", (*ca)->root().to_pem());
  return kOk;
}

Result<testca::IssueKind> kind_of(const std::string& type, const pki::Csr& csr) {
  if (type == "sign" || (type.empty() && csr.use == pki::CsrUse::signing)) return testca::IssueKind::sign;
  if (type == "auth" || (type.empty() && csr.use == pki::CsrUse::authentication)) {
    return testca::IssueKind::authentication;
  }
  if (type == "tls") return testca::IssueKind::tls;
  if (type.empty()) return Fault{"bad_request", "the request does not say what it is for: give --type"};
  return Fault{"bad_request", "--type is sign, auth or tls, not " + type};
}

Result<pki::Certificate> issue_from_file(const Options& options) {
  auto ca = testca::TestCa::open(options.folder);
  if (!ca) return ca.error();
  constexpr std::size_t kMaxRequest = 64 * 1024;
  const auto content = read_file(options.csr, kMaxRequest);
  if (!content) return content.error();
  const auto csr = pki::read_csr(as_bytes(*content));
  if (!csr) return csr.error();
  const auto kind = kind_of(options.type, *csr);
  if (!kind) return kind.error();
  return (*ca)->issue(*csr, *kind, now());
}

int issue(const Options& options) {
  const auto certificate = issue_from_file(options);
  if (!certificate) return failed(certificate.error());
  if (options.out.empty()) {
    fmt::print("{}", certificate->to_pem());
    return kOk;
  }
  const auto written = write_file_atomically(options.out, certificate->to_pem());
  return written ? kOk : failed(written.error());
}

int revoke(const Options& options, bool revoked) {
  auto ca = testca::TestCa::open(options.folder);
  if (!ca) return failed(ca.error());
  const auto done = revoked ? (*ca)->revoke(options.serial, now()) : (*ca)->unrevoke(options.serial);
  return done ? kOk : failed(done.error());
}

int list(const Options& options) {
  auto ca = testca::TestCa::open(options.folder);
  if (!ca) return failed(ca.error());
  const auto issued = (*ca)->issued();
  if (!issued) return failed(issued.error());
  boost::json::array entries;
  for (const testca::IssuedCertificate& entry : *issued) {
    const std::string revoked = entry.revoked_at ? to_iso_seconds(*entry.revoked_at) : "";
    if (options.json) {
      entries.push_back({{"serial", entry.serial},
                         {"subject", entry.subject},
                         {"expires", to_iso_seconds(entry.expires)},
                         {"revoked_at", revoked.empty() ? boost::json::value(nullptr) : boost::json::value(revoked)}});
    } else {
      fmt::print("{}  {}  {}{}\n", entry.serial, to_iso_seconds(entry.expires), entry.subject,
                 revoked.empty() ? "" : "  revoked " + revoked);
    }
  }
  if (options.json) fmt::print("{}\n", boost::json::serialize(entries));
  return kOk;
}

Command part(const std::shared_ptr<Options>& options, const std::string& name, const std::string& purpose,
             std::function<int(const Options&)> run) {
  Command command(name, purpose);
  command.option("--dir", options->folder, "folder of the CA", true);
  command.action([options, run = std::move(run)] { return run(*options); });
  return command;
}

}  // namespace

Command test_ca_command() {
  const auto options = std::make_shared<Options>();
  Command command("test-ca", "Trust services for development: CA, OCSP, timestamps. Never for production");
  command.option("--dir", options->folder, "folder of the CA; made if there is none")
      .option("--address", options->address, "address to listen on")
      .option("--port", options->port, "port for all services; 0 for any free one")
      .option("--name", options->name, "name in the subjects of a new CA")
      .flag("--ec", options->ec, "P-256 keys for a new CA instead of RSA 2048")
      .example("causeway test-ca --dir /tmp/ca --port 8888")
      .action([options] { return serve(*options); });
  Command making = part(options, "init", "Make a CA; prints the root certificate", &init);
  making.option("--name", options->name, "name in the subjects")
      .flag("--ec", options->ec, "P-256 keys instead of RSA 2048")
      .example("causeway test-ca init --dir /tmp/ca --name Dev");
  Command issuing = part(options, "issue", "Issue a certificate for a request, PEM or DER", &issue);
  issuing.option("csr", options->csr, "file with the request", true)
      .option("--type", options->type, "sign, auth or tls; without it, what the request asks for")
      .option("--out", options->out, "file to write; without it, standard output")
      .example("causeway test-ca issue --dir /tmp/ca --type sign request.pem");
  Command revoking = part(options, "revoke", "Revoke a certificate", [](const Options& o) { return revoke(o, true); });
  revoking.option("serial", options->serial, "decimal serial number", true)
      .example("causeway test-ca revoke --dir /tmp/ca 1234");
  Command restoring =
      part(options, "unrevoke", "Take a revocation back", [](const Options& o) { return revoke(o, false); });
  restoring.option("serial", options->serial, "decimal serial number", true)
      .example("causeway test-ca unrevoke --dir /tmp/ca 1234");
  Command listing = part(options, "list", "List what was issued", &list);
  listing.flag("--json", options->json, "as JSON").example("causeway test-ca list --dir /tmp/ca");
  command.subcommand(std::move(making))
      .subcommand(std::move(issuing))
      .subcommand(std::move(revoking))
      .subcommand(std::move(restoring))
      .subcommand(std::move(listing));
  return command;
}

}  // namespace causeway::cli
