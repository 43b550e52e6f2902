//! Holds the container's description against the lists that the set-up script installs from: no image can be built
//! where these tests run, so what can go wrong by itself (a package forgotten in one place) is checked here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(file: &str) -> String {
    std::fs::read_to_string(repository().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The packages of one list, in file order.
fn packages(purpose: &str) -> Vec<String> {
    let list = text(&format!("scripts/packages-{purpose}.txt"));
    list.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// One instruction of the Dockerfile, continuation lines joined.
struct Instruction {
    /// 0 for the build stage.
    stage: usize,
    name: String,
    rest: String,
}

fn instructions() -> Vec<Instruction> {
    let mut stage = None;
    let mut found = Vec::new();
    let joined = text("Dockerfile").lines().filter(|line| !line.starts_with('#')).fold(String::new(), |all, line| {
        match line.strip_suffix('\\') {
            Some(start) => all + start.trim() + " ",
            None => all + line.trim() + "\n",
        }
    });
    for line in joined.lines().filter(|line| !line.is_empty()) {
        let (name, rest) = line.split_once(' ').expect("an instruction has arguments");
        if name == "FROM" {
            stage = Some(stage.map_or(0, |stage: usize| stage + 1));
        }
        found.push(Instruction {
            stage: stage.expect("FROM comes first"),
            name: name.to_owned(),
            rest: rest.trim().to_owned(),
        });
    }
    found
}

/// The arguments of an instruction's occurrences in one stage.
fn all(stage: usize, name: &str) -> Vec<String> {
    instructions().into_iter().filter(|i| i.stage == stage && i.name == name).map(|i| i.rest).collect()
}

#[test]
fn both_stages_stand_on_the_debian_that_the_set_up_knows() {
    let (build, last) = (all(0, "FROM"), all(1, "FROM"));
    assert!(build[0].starts_with("rust:") && build[0].contains("-bookworm"), "{}", build[0]);
    assert_eq!(last, ["debian:bookworm-slim"]);
    assert!(all(2, "FROM").is_empty(), "a third stage: extend this test");
}

#[test]
fn the_build_stage_installs_by_the_set_up_script_alone() {
    let runs = all(0, "RUN");
    assert!(runs.iter().any(|run| run == "scripts/setup.sh"), "{runs:?}");
    assert!(
        !runs.iter().any(|run| run.contains("apt")),
        "packages of the build come from scripts/packages-build.txt: {runs:?}"
    );
    let script = text("scripts/setup.sh");
    assert!(script.contains("\ndebian_packages build run\n"), "setup.sh installs the lists build and run");
}

#[test]
fn the_last_stage_installs_the_run_list_and_nothing_else() {
    let runs = all(1, "RUN").join(" && ");
    let installs: Vec<_> = runs.split("&&").filter(|part| part.contains("install")).map(str::trim).collect();
    assert_eq!(installs, ["grep -v '^#' /tmp/packages-run.txt | xargs apt-get install -y --no-install-recommends"]);
    assert!(all(1, "COPY").contains(&"scripts/packages-run.txt /tmp/".to_owned()));
}

#[test]
fn lists_are_sorted_and_name_a_package_once() {
    for purpose in ["build", "run", "test"] {
        let list = packages(purpose);
        let sorted: Vec<_> = list.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        assert_eq!(list, sorted, "scripts/packages-{purpose}.txt");
    }
}

#[test]
fn every_library_that_the_build_links_is_in_the_run_list() {
    for development in packages("build").iter().filter(|name| name.starts_with("lib") && name.ends_with("-dev")) {
        if development == "libclang-dev" {
            continue; // Read while building (bindings), never linked.
        }
        let stem = development.trim_end_matches("-dev");
        assert!(
            packages("run").iter().any(|name| name.starts_with(stem)),
            "{development} has no {stem}… in the run list"
        );
    }
}

/// What the real binary asks the loader for, by the packages that own it. Debian only; elsewhere there is no dpkg.
#[test]
fn every_library_that_the_binary_asks_for_is_in_the_run_list() {
    let output = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success());
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let binary = env!("CARGO_BIN_EXE_moodcall");
    let (Some(header), Some(resolved)) = (output("objdump", &["-p", binary]), output("ldd", &[binary])) else {
        eprintln!("skipped: no objdump or ldd");
        return;
    };
    let listed = packages("run");
    for soname in header.lines().filter_map(|line| line.trim().strip_prefix("NEEDED")).map(str::trim) {
        let line = resolved.lines().find(|line| line.contains(soname));
        let Some(path) = line.and_then(|line| line.split_whitespace().find(|word| word.starts_with('/'))) else {
            panic!("{soname} is not found on this machine");
        };
        let real = std::fs::canonicalize(path).expect("the loader found it");
        // Debian merged /lib into /usr/lib, its database has not.
        let real = real.to_string_lossy();
        let owner = output("dpkg", &["-S", &real]).or_else(|| output("dpkg", &["-S", real.trim_start_matches("/usr")]));
        let Some(owner) = owner else {
            eprintln!("skipped: dpkg does not know {real}");
            continue;
        };
        let package = owner.split(':').next().expect("split yields one part");
        assert!(
            package == "libc6" || listed.iter().any(|name| name == package),
            "{soname} is in {package}, which the run list lacks"
        );
    }
}

#[test]
fn it_runs_as_nobody_special_and_tells_its_health() {
    let users = all(1, "USER");
    assert!(users.last().is_some_and(|user| user != "root" && user != "0"), "{users:?}");
    assert!(all(1, "HEALTHCHECK")[0].contains("/health/ready"));
    let ports = all(1, "EXPOSE").join(" ");
    assert_eq!(ports, "8080/tcp 3478/udp 3478/tcp", "pages and signaling, media by UDP, media by TCP");
    assert!(all(1, "STOPSIGNAL").contains(&"SIGTERM".to_owned()));
}

#[test]
fn everything_it_copies_is_there_and_not_ignored() {
    let ignored = text(".dockerignore");
    let ignored: BTreeSet<&str> = ignored.lines().filter(|line| !line.starts_with('#')).collect();
    for instruction in instructions().iter().filter(|i| i.name == "COPY" && !i.rest.starts_with("--from")) {
        let mut words: Vec<&str> = instruction.rest.split_whitespace().collect();
        words.pop().expect("COPY has a destination");
        for source in words {
            assert!(repository().join(source).exists(), "COPY {source}: not in the repository");
            let top = Path::new(source).components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
            assert!(
                top.is_none_or(|top| !ignored.contains(top.as_str())),
                "COPY {source}: .dockerignore leaves it out"
            );
        }
    }
    for copied in all(1, "COPY").iter().filter(|rest| rest.starts_with("--from=build")) {
        assert!(
            copied.contains(" /out/") || copied.contains(" /src/"),
            "{copied}: from a folder that the build stage fills"
        );
    }
}
