//! A witness over HTTPS: a real TLS server with a certificate of a private authority.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use yinuo_ledger::checkpoint::{KeyKind, LogKey, Note, VerifierKey};

use crate::support::{House, until};

fn certificate(name: &str) -> PathBuf {
    // Made once for the tests of TLS to PostgreSQL: a private authority, and a server at 127.0.0.1.
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/tls").join(name)
}

fn key() -> LogKey {
    LogKey::new("witness.example/w1", KeyKind::Witness, &[9; 32]).expect("a name")
}

/// Serves a witness that believes everybody: what a witness checks is tested elsewhere. Gives where it listens, and the
/// lines with which it was asked.
fn witness() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let chain = CertificateDer::pem_file_iter(certificate("server.pem")).expect("a file");
    let chain = chain.collect::<Result<Vec<_>, _>>().expect("certificates");
    let private = PrivateKeyDer::from_pem_file(certificate("server.key")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .expect("they fit");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&asked);
    // Ends with the process.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
            // Whoever does not believe the certificate hangs up.
            let _ = answer(StreamOwned::new(connection, stream.expect("a caller")), &lines);
        }
    });
    (address, asked)
}

fn answer(stream: impl Read + Write, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    asked.lock().expect("no panic").push(line.trim().to_owned());
    let mut bytes = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(length) = header.to_lowercase().strip_prefix("content-length:") {
            bytes = length.trim().parse().expect("a number");
        }
    }
    let mut body = vec![0; bytes];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8(body).expect("text");
    let note = body.split_once("\n\n").expect("a note follows").1;
    let signature = key().cosign(&Note::parse(note).expect("a note"), 1_795_000_000).to_string();
    let length = signature.len();
    let mut stream = reader.into_inner();
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{signature}")?;
    stream.flush()
}

fn config(house: &House, address: SocketAddr, ca: Option<&Path>) -> String {
    let ca = ca.map(|ca| format!("witness-ca = \"{}\"\n", ca.display())).unwrap_or_default();
    let witness = key().verifier().to_string();
    house.write(
        "witness.toml",
        format!("[ledger]\n{ca}[[ledger.witness]]\nurl = \"https://{address}/\"\nkey = \"{witness}\"\n"),
    )
}

#[test]
fn a_witness_over_https_cosigns() {
    let house = House::new();
    house.found();
    let (address, asked) = witness();
    let config = config(&house, address, Some(&certificate("ca.pem")));
    let server = house.serve_as(&["--config", &config]);
    server.ask("a question");
    let cosigned = until("the witness signs", || {
        let answer = server.get("/log/checkpoint/cosigned");
        (answer.status == 200).then_some(answer.body)
    });
    let note = Note::parse(&cosigned).expect("a note");
    note.verify(key().verifier()).expect("the witness signed it");
    let log: VerifierKey = server.get("/log/key").expect(200).body.trim().parse().expect("a key");
    note.verify(&log).expect("the log signed it");
    assert_eq!(asked.lock().expect("no panic")[0], "POST /add-checkpoint HTTP/1.1");
    assert!(server.stop().success());
}

#[test]
fn a_witness_whom_nobody_vouches_for_is_not_asked() {
    for ca in [None, Some(certificate("other-ca.pem"))] {
        let house = House::new();
        house.found();
        let (address, asked) = witness();
        let config = config(&house, address, ca.as_deref());
        let server = house.serve_as(&["--config", &config]);
        let log = until("the refusal", || {
            let log = server.log();
            log.contains("a witness did not sign").then_some(log)
        });
        assert!(log.contains("certificate"), "it says why: {log}");
        // The desk goes on, and signs by itself.
        server.proof(&server.ask("a question"));
        assert!(asked.lock().expect("no panic").is_empty(), "nothing was sent");
        assert!(server.stop().success());
    }
}

#[test]
fn a_file_that_holds_no_certificate_is_refused() {
    let house = House::new();
    house.found();
    let address = SocketAddr::from(([127, 0, 0, 1], 9));
    let empty = PathBuf::from(house.write("empty.pem", "nothing\n"));
    let said =
        house.yinuo(&["--config", &config(&house, address, Some(&empty)), "verify", "ledger"]).refused();
    assert!(said.contains("ledger.witness-ca") && said.contains("no certificate in PEM form"), "{said}");
    let gone = house.path("gone.pem");
    let config = config(&house, address, Some(&gone));
    let said =
        house.yinuo(&["--lang", "zh", "--config", &config, "serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains("无法读取证书文件") && said.contains("gone.pem"), "{said}");
}

#[test]
fn a_server_over_https_is_asked_about_a_receipt() {
    let house = House::new();
    house.found();
    let server = house.serve();
    let receipt = house.write("receipt.json", server.proof(&server.ask("a question")));
    let key = server.get("/log/key").expect(200).body.trim().to_owned();
    assert!(server.stop().success());
    let (address, _) = witness();
    let url = format!("https://{address}");
    let args = ["verify", "receipt", &receipt, "--key", &key, "--against", &url];
    let said = house.yinuo(&args).refused();
    assert!(said.contains("cannot be reached") && said.contains("certificate"), "{said}");
}
