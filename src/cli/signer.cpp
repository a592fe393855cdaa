// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/files.hpp"
#include "base/parameters.hpp"
#include "cli/commands.hpp"
#include "cli/secret_prompt.hpp"
#include "pki/csr.hpp"
#include "signer/management.hpp"
#include "signer/run.hpp"
#include "signer/token_json.hpp"

namespace causeway::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t kMaxCertificateFile = 1UL << 20;

// What the subcommands have in common, and the options of each; only those of the one
// that was chosen are filled.
struct Options {
  std::string dir = ".";
  bool as_json = false;
  std::string token = "0", key, label, algorithm = "RSA", bits, curve;
  std::string usage, member, subject, alternative_name, format = "pem", out;
  std::string certificate, status, request;
  bool inactive = false, off = false;
};
using OptionsPtr = std::shared_ptr<Options>;

int fail(const Fault& fault) {
  std::cerr << "causeway signer: " << fault.code << ": " << fault.text << "\n";
  return kFailed;
}

// Signer commands take the directory of a server, which has signer/ and run/.
fs::path signer_directory(const Options& options) { return fs::path(options.dir) / "signer"; }

Result<signer::SignerConnection> connect(const Options& options) {
  return signer::SignerConnection::open(signer::signer_socket(options.dir));
}

int report(const Options& options, const Result<void>& result, const std::string& said) {
  if (!result) return fail(result.error());
  std::cout << (options.as_json ? "{}" : said) << "\n";
  return kOk;
}

// Runs `work` with a connection to the signer.
template <class Work>
int with_signer(const Options& options, Work work) {
  Result<signer::SignerConnection> connection = connect(options);
  if (!connection) return fail(connection.error());
  return work(*connection);
}

void print_key(const signer::KeyInfo& key) {
  std::cout << "  key " << key.id << "  " << (key.rsa ? "RSA" : "EC") << "  "
            << (key.usage ? signer::to_string(*key.usage) : "no usage yet") << "  "
            << (key.available ? "available" : "not available") << "  \"" << key.label << "\"\n";
  for (const auto& certificate : key.certificates)
    std::cout << "    certificate " << certificate.id << "  " << certificate.status << "  "
              << (certificate.active ? "active" : "inactive") << "  "
              << (certificate.member ? certificate.member->to_string() + "  " : "")
              << certificate.certificate.subject_rfc2253() << "\n";
  for (const auto& request : key.requests)
    std::cout << "    request " << request.id << "  " << (request.member ? request.member->to_string() + "  " : "")
              << request.subject << "\n";
}

int list_tokens(const Options& options) {
  return with_signer(options, [&](signer::SignerConnection& signer) {
    auto tokens = signer.list_tokens();
    if (!tokens) return fail(tokens.error());
    if (options.as_json) {
      std::cout << json::serialize(signer::to_json(*tokens)) << "\n";
      return kOk;
    }
    for (const auto& token : *tokens) {
      std::cout << "token " << token.id << "  \"" << token.friendly_name << "\"  " << token.status << "  "
                << (token.active ? "logged in" : "logged out") << "\n";
      for (const auto& key : token.keys) print_key(key);
    }
    return kOk;
  });
}

int init_token(const Options& options) {
  return with_signer(options, [&](signer::SignerConnection& signer) {
    return report(options, signer.initialize_token(options.token, read_secret("New PIN: ")), "The token has its PIN.");
  });
}

int login(const Options& options) {
  return with_signer(options, [&](signer::SignerConnection& signer) {
    return report(options, signer.login(options.token, read_secret("PIN: ")), "Logged in.");
  });
}

int logout(const Options& options) {
  return with_signer(options, [&](signer::SignerConnection& signer) {
    return report(options, signer.logout(options.token), "Logged out.");
  });
}

int change_pin(const Options& options) {
  return with_signer(options, [&](signer::SignerConnection& signer) {
    const std::string current = read_secret("PIN: "), changed = read_secret("New PIN: ");
    return report(options, signer.change_pin(options.token, current, changed), "The PIN was changed.");
  });
}

int generate_key(const Options& options) {
  if (options.algorithm != "RSA" && options.algorithm != "EC") {
    std::cerr << "causeway signer: --algorithm is RSA or EC\n";
    return kUsage;
  }
  signer::SignerConnection::NewKeyOptions wanted{
      .token_id = options.token, .label = options.label, .rsa = options.algorithm == "RSA"};
  if (!options.bits.empty()) wanted.bits = static_cast<unsigned>(std::strtoul(options.bits.c_str(), nullptr, 10));
  if (!options.curve.empty()) wanted.curve = options.curve;
  return with_signer(options, [&](signer::SignerConnection& signer) {
    auto key = signer.generate_key(wanted);
    if (!key) return fail(key.error());
    std::cout << (options.as_json ? json::serialize(signer::to_json(*key)) : key->id) << "\n";
    return kOk;
  });
}

// To --out, or to standard output.
int write_request(const Options& options, const Bytes& request) {
  const std::string text = options.format == "der" ? to_text(request) : pki::csr_to_pem(request);
  if (options.as_json) {
    std::cout << json::serialize(json::object{{"request", to_base64(request)}}) << "\n";
  } else if (options.out.empty()) {
    std::cout << text;
  }
  if (options.out.empty()) return kOk;
  if (auto written = write_file_atomically(options.out, text); !written) return fail(written.error());
  return kOk;
}

int generate_csr(const Options& options) {
  Result<signer::KeyUsage> usage = signer::usage_from(options.usage);
  if (!usage) return fail(usage.error());
  signer::CsrOptions wanted;
  wanted.key_id = options.key;
  wanted.usage = *usage;
  wanted.subject = options.subject;
  wanted.alternative_name = options.alternative_name;
  if (!options.member.empty()) {
    Result<ClientId> member = ClientId::parse_rest(options.member);
    if (!member) return fail(member.error());
    wanted.member = *std::move(member);
  }
  return with_signer(options, [&](signer::SignerConnection& signer) {
    auto request = signer.generate_csr(wanted);
    if (!request) return fail(request.error());
    return write_request(options, *request);
  });
}

int import_certificate(const Options& options) {
  Result<std::string> file = read_file(options.certificate, kMaxCertificateFile);
  if (!file) return fail(file.error());
  Result<pki::Certificate> certificate = pki::Certificate::from_der_or_pem(as_bytes(*file));
  if (!certificate) return fail(certificate.error());
  signer::CertificateImport import{.certificate = *certificate, .member = {}, .status = options.status};
  if (options.inactive) import.activate = false;
  if (!options.member.empty()) {
    Result<ClientId> member = ClientId::parse_rest(options.member);
    if (!member) return fail(member.error());
    import.member = *std::move(member);
  }
  return with_signer(options, [&](signer::SignerConnection& signer) {
    auto imported = signer.import_certificate(import);
    if (!imported) return fail(imported.error());
    if (options.as_json)
      std::cout << json::serialize(json::object{{"key", imported->key_id},
                                                {"certificate", imported->certificate_id},
                                                {"active", imported->active},
                                                {"activation_error", imported->activation_error}})
                << "\n";
    else
      std::cout << "certificate " << imported->certificate_id << " under key " << imported->key_id
                << (imported->active ? ", active\n" : ", inactive\n");
    return kOk;
  });
}

int run(const Options& options) {
  begin_server_process("signer");
  Result<Parameters> parameters = Parameters::load(fs::path(options.dir) / "conf.d");
  if (!parameters) return fail(parameters.error());
  Result<void> ran = signer::run_signer({.directory = signer_directory(options),
                                         .socket_path = signer::signer_socket(options.dir),
                                         .parameters = *std::move(parameters),
                                         .check_chain = {},
                                         .check_revocation = {}});
  return ran ? kOk : fail(ran.error());
}

Command subcommand(const OptionsPtr& options, const std::string& name, const std::string& purpose,
                   int (*work)(const Options&)) {
  Command command(name, purpose);
  command.option("--dir", options->dir, "the server's directory, which has signer/ and run/");
  command.flag("--json", options->as_json, "print the result as JSON");
  command.action([options, work] { return work(*options); });
  return command;
}

Command token_command(const OptionsPtr& options, const std::string& name, const std::string& purpose,
                      int (*work)(const Options&)) {
  Command command = subcommand(options, name, purpose, work);
  command.option("--token", options->token, "id of the token");
  return command;
}

Command generate_key_command(const OptionsPtr& options) {
  Command command = token_command(options, "generate-key", "make a key on a token; prints its id", generate_key);
  command.option("--label", options->label, "name of the key, for people", true);
  command.option("--algorithm", options->algorithm, "RSA or EC");
  command.option("--bits", options->bits, "RSA: 2048, 3072 or 4096; else as signer.key-length says");
  command.option("--curve", options->curve, "EC: secp256r1 or secp384r1; else as signer.key-named-curve says");
  command.example("causeway signer generate-key --dir /var/lib/causeway --label \"Sign key 2026\"");
  return command;
}

Command generate_csr_command(const OptionsPtr& options) {
  Command command = subcommand(options, "generate-csr", "make a certificate signing request", generate_csr);
  command.option("--key", options->key, "id of the key", true);
  command.option("--usage", options->usage, "signing or authentication", true);
  command.option("--member", options->member, "signing: whom the certificate is for, INSTANCE/CLASS/CODE");
  command.option("--subject", options->subject, "distinguished name, \"C=EE, O=..., CN=...\"", true);
  command.option("--dns", options->alternative_name, "DNS name of the server, as subject alternative name");
  command.option("--format", options->format, "pem or der");
  command.option("--out", options->out, "file to write; else standard output");
  command.example(
      "causeway signer generate-csr --key 0A1B --usage signing --member EE/GOV/1234 --subject \"C=EE, O=EE, CN=1234\"");
  return command;
}

Command import_command(const OptionsPtr& options) {
  Command command = subcommand(options, "import-certificate", "give a key the certificate that a CA issued for it",
                               import_certificate);
  command.option("certificate", options->certificate, "the certificate's file, PEM or DER", true);
  command.option("--member", options->member, "signing: whom it is for; else as the key's request says");
  command.option("--status", options->status, "saved, registered, ...; else by what it is for");
  command.flag("--inactive", options->inactive, "do not activate it; one that is not registered yet is not anyway");
  command.example("causeway signer import-certificate --dir /var/lib/causeway sign.pem");
  return command;
}

Command activate_command(const OptionsPtr& options) {
  Command command =
      subcommand(options, "activate-certificate", "let the proxy use a certificate, or not", [](const Options& chosen) {
        return with_signer(chosen, [&](signer::SignerConnection& signer) {
          return report(chosen, signer.activate(chosen.certificate, !chosen.off),
                        chosen.off ? "Deactivated." : "Activated.");
        });
      });
  command.option("certificate", options->certificate, "id, or SHA-1 or SHA-256 in hex", true);
  command.flag("--off", options->off, "deactivate it");
  command.example("causeway signer activate-certificate 15A0AFEE2602D2846621118997E268F5FA843C94");
  return command;
}

Command status_command(const OptionsPtr& options) {
  Command command =
      subcommand(options, "set-certificate-status", "say how far a registration is", [](const Options& chosen) {
        return with_signer(chosen, [&](signer::SignerConnection& signer) {
          return report(chosen, signer.set_status(chosen.certificate, chosen.status), "Done.");
        });
      });
  command.option("certificate", options->certificate, "id, or SHA-1 or SHA-256 in hex", true);
  command.option("status", options->status, "saved, registration in progress, registered, ...", true);
  command.example("causeway signer set-certificate-status 15A0AFEE2602D2846621118997E268F5FA843C94 registered");
  return command;
}

Command delete_command(const OptionsPtr& options, const std::string& name, const std::string& what,
                       std::string Options::* id, int (*work)(const Options&)) {
  Command command = subcommand(options, name, "delete " + what, work);
  command.option("id", (*options).*id, "its id", true);
  command.example("causeway signer " + name + " 15A0AFEE2602D2846621118997E268F5FA843C94");
  return command;
}

int delete_key(const Options& options) {
  return with_signer(options, [&](signer::SignerConnection& signer) {
    return report(options, signer.delete_key(options.key), "Deleted.");
  });
}
int delete_certificate(const Options& options) {
  return with_signer(options, [&](signer::SignerConnection& signer) {
    return report(options, signer.delete_certificate(options.certificate), "Deleted.");
  });
}
int delete_csr(const Options& options) {
  return with_signer(options, [&](signer::SignerConnection& signer) {
    return report(options, signer.delete_csr(options.request), "Deleted.");
  });
}

}  // namespace

Command signer_command() {
  Command command("signer", "tokens, keys and certificates; the process that signs");
  const auto options = std::make_shared<Options>();
  Command run_command = subcommand(options, "run", "run the signer of a server's directory", run);
  run_command.example("causeway signer run --dir /var/lib/causeway");
  command.subcommand(std::move(run_command));
  Command list = subcommand(options, "list-tokens", "show tokens, keys, certificates and requests", list_tokens);
  list.example("causeway signer list-tokens --dir /var/lib/causeway --json");
  command.subcommand(std::move(list));
  const auto pin_command = [&](const std::string& name, const std::string& purpose, int (*work)(const Options&)) {
    Command with_pin = token_command(options, name, purpose, work);
    with_pin.example("causeway signer " + name + " --dir /var/lib/causeway   (PINs are asked for, or read from input)");
    command.subcommand(std::move(with_pin));
  };
  pin_command("init-token", "give the software token its first PIN", init_token);
  pin_command("login", "enter the PIN of a token", login);
  pin_command("logout", "close a token until its PIN is entered again", logout);
  pin_command("change-pin", "change the PIN of a token: the current one, then the new one", change_pin);
  command.subcommand(generate_key_command(options));
  command.subcommand(generate_csr_command(options));
  command.subcommand(import_command(options));
  command.subcommand(activate_command(options));
  command.subcommand(status_command(options));
  command.subcommand(delete_command(options, "delete-key", "a key and everything under it", &Options::key, delete_key));
  command.subcommand(
      delete_command(options, "delete-certificate", "a certificate", &Options::certificate, delete_certificate));
  command.subcommand(delete_command(options, "delete-csr", "a certificate request", &Options::request, delete_csr));
  command.example("causeway signer list-tokens --dir /var/lib/causeway");
  return command;
}

}  // namespace causeway::cli
