// SPDX-License-Identifier: MIT
// causeway export, plan, apply: a country's configuration as a file.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/files.hpp"
#include "cli/commands.hpp"
#include "cli/country_output.hpp"
#include "cli/verification_output.hpp"
#include "country/country_reader.hpp"
#include "country/country_writer.hpp"
#include "country/http_admin_api.hpp"

namespace causeway::cli {
namespace {

namespace json = boost::json;

// Of plan, as `terraform plan -detailed-exitcode` has it.
constexpr int kSomethingToDo = 2;

constexpr std::size_t kApiKeyLimit = 4096;
constexpr std::size_t kCertificatesLimit = 1UL << 20;

struct Options {
  std::string file, url, api_key_file, ca_file, fingerprint;
  bool deleting = false, yes = false, as_json = false;
};
using OptionsPtr = std::shared_ptr<Options>;

int fail(const Fault& fault) {
  std::cerr << "causeway: " << fault.code << ": " << printable(fault.text) << "\n";
  return kFailed;
}

Result<std::vector<pki::Certificate>> certificates_in(const std::string& file) {
  static constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  auto text = read_file(file, kCertificatesLimit);
  if (!text) return text.error();
  std::vector<pki::Certificate> all;
  std::string_view rest = *text;
  do {
    const auto end = rest.find(kEnd);
    const std::string_view one = end == std::string_view::npos ? rest : rest.substr(0, end + kEnd.size());
    auto certificate = pki::Certificate::from_der_or_pem(as_bytes(one));
    if (!certificate) return certificate.error().while_doing(file);
    all.push_back(*std::move(certificate));
    rest.remove_prefix(one.size());
  } while (rest.find(kEnd) != std::string_view::npos);
  return all;
}

Result<std::unique_ptr<country::AdminApi>> connect(const Options& options) {
  country::ServerAddress address{.url = options.url, .api_key = {}};
  auto key = read_file(options.api_key_file, kApiKeyLimit);
  if (!key) return key.error();
  address.api_key = key->substr(0, key->find_first_of(" \t\r\n"));
  if (address.api_key.empty()) return Fault{"io_error", options.api_key_file + " has no API key in its first line"};
  if (!options.fingerprint.empty()) {
    address.pinned = country::NamedCertificate::of_digest(options.fingerprint);
    if (!address.pinned) return Fault{"io_error", "--fingerprint is a SHA-256 in hexadecimal: 64 digits"};
  }
  if (!options.ca_file.empty()) {
    auto trusted = certificates_in(options.ca_file);
    if (!trusted) return trusted.error();
    address.trusted = *std::move(trusted);
  }
  return open_admin_api(std::move(address));
}

// What the file asks of the server, and the way to it.
struct Opened {
  std::unique_ptr<country::AdminApi> api;
  country::Plan plan;
};

Result<Opened> open_plan(const Options& options) {
  auto wanted = country::load_country(options.file);
  if (!wanted) return wanted.error();
  auto api = connect(options);
  if (!api) return api.error();
  auto plan = country::plan_for(**api, *wanted, options.deleting);
  if (!plan) return plan.error();
  return Opened{*std::move(api), *std::move(plan)};
}

int show_plan(const Options& options) {
  auto opened = open_plan(options);
  if (!opened) return fail(opened.error());
  if (options.as_json)
    std::cout << plan_json(opened->plan) << "\n";
  else
    print_plan(opened->plan);
  return opened->plan.steps.empty() ? kOk : kSomethingToDo;
}

bool confirmed(const country::Plan& plan) {
  print_plan(plan);
  std::cout << "Do it? Only \"yes\" does: " << std::flush;
  std::string answer;
  return std::getline(std::cin, answer) && answer == "yes";
}

int apply(const Options& options) {
  const bool asks = !options.yes && isatty(STDIN_FILENO) != 0 && !options.as_json;
  if (!options.yes && !asks) {
    std::cerr << "causeway apply: nobody can be asked here; look at causeway plan, then give --yes\n";
    return kUsage;
  }
  auto opened = open_plan(options);
  if (!opened) return fail(opened.error());
  if (asks && !opened->plan.steps.empty() && !confirmed(opened->plan)) {
    std::cerr << "causeway apply: nothing was done\n";
    return kFailed;
  }
  const auto applied = country::apply_plan(*opened->api, opened->plan, [&](const country::Step& step) {
    if (!options.as_json) std::cout << step_text(step) << std::endl;
  });
  if (options.as_json)
    std::cout << applied_json(opened->plan, applied) << "\n";
  else
    fmt::print("{} of {} steps done{}\n", applied.done, opened->plan.steps.size(), kept_text(opened->plan));
  return applied.fault ? fail(*applied.fault) : kOk;
}

int export_country(const Options& options) {
  auto api = connect(options);
  if (!api) return fail(api.error());
  auto whole = country::read_whole_state(**api);
  if (!whole) return fail(whole.error());
  const auto written = write_country(whole->state.country, whole->state.servers);
  const std::filesystem::path file = std::filesystem::absolute(options.file);
  if (auto made = make_directories(file.parent_path()); !made) return fail(made.error());
  // The file last: it names none that is not there.
  for (const auto& [path, content] : written.attached) {
    const auto attached = file.parent_path() / path;
    if (auto made = make_directories(attached.parent_path()); !made) return fail(made.error());
    if (auto stored = write_file_atomically(attached, content); !stored) return fail(stored.error());
  }
  if (auto stored = write_file_atomically(file, written.yaml); !stored) return fail(stored.error());
  for (const std::string& each : whole->missing)
    std::cerr << "causeway export: the certificate of the " << each
              << " is not in the global configuration that the server made last, so the file has its digest only; "
                 "export again in a minute, or give the certificate to make a server that does not have it\n";
  if (options.as_json) {
    json::array files;
    for (const auto& [path, content] : written.attached) files.emplace_back(path);
    std::cout << json::serialize(json::object{{"file", options.file},
                                              {"attached", std::move(files)},
                                              {"missing", json::array(whole->missing.begin(), whole->missing.end())}})
              << "\n";
  } else {
    fmt::print("Wrote {} and {} files beside it.\n", options.file, written.attached.size());
  }
  return kOk;
}

Command command(const OptionsPtr& options, const std::string& name, const std::string& purpose,
                int (*work)(const Options&), const std::string& more) {
  Command command(name, purpose);
  command.option("file", options->file, "the file that describes the country (YAML)", true)
      .option("--url", options->url, "the Central Server's admin API, as https://cs.example.org:4000", true)
      .option("--api-key-file", options->api_key_file, "file with an API key in its first line", true)
      .option("--ca-file", options->ca_file, "PEM: CAs to trust for this address, or the server's own certificate")
      .option("--fingerprint", options->fingerprint, "SHA-256 of the server's certificate: no other is accepted")
      .flag("--json", options->as_json, "print JSON")
      .action([options, work] { return work(*options); })
      .example("causeway " + name +
               " country.yaml --url https://cs.example.org:4000 --api-key-file key --ca-file cs.pem" + more);
  return command;
}

}  // namespace

Command export_command() {
  return command(std::make_shared<Options>(), "export", "write a Central Server's configuration into a file",
                 export_country, "");
}

Command plan_command() {
  const auto options = std::make_shared<Options>();
  Command made = command(options, "plan",
                         "show what apply would do: exits with 0 when there is nothing to do, with 2 when there is, "
                         "with 1 when it cannot tell",
                         show_plan, "");
  made.flag("--delete", options->deleting, "also delete what the file does not have");
  return made;
}

Command apply_command() {
  const auto options = std::make_shared<Options>();
  Command made =
      command(options, "apply", "make a Central Server what a file says; killed anywhere, the next one goes on", apply,
              " --yes");
  made.flag("--delete", options->deleting, "also delete what the file does not have");
  made.flag("--yes", options->yes, "do not ask");
  return made;
}

}  // namespace causeway::cli
