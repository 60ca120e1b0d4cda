//! Starts the laptop cloud and ends it: state, template, substrate, functions, front doors.

use std::collections::BTreeMap;
use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::Router;
use substrate::{Clock, Endpoints, FunctionSpec, Invoke, Substrate, Template};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::city::City;
use crate::client::Client;
use crate::demo;
use crate::gateway::throttle::{Plan, Throttle};
use crate::gateway::{self, Gateway, Kind};
use crate::jwt::{Expected, SigningKey};
use crate::keys::Keys;
use crate::lambda::{FunctionConfig, Lambda, Spawner};
use crate::seed::ReferenceData;
use crate::state::{Ports, State};
use crate::web::authorize::Codes;
use crate::web::outbox::Outbox;
use crate::web::{self, Web};

/// Audience of the officers' tokens.
pub(crate) const AUDIENCE: &str = "suqiu-console";

/// Audience of the appellants' tokens: an officer's token opens no appeal, and theirs no ticket.
pub(crate) const APPELLANTS: &str = "suqiu-appeals";
/// Stage of the laptop.
const STAGE: &str = "laptop";

/// What a cloud is started from.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The workspace.
    pub root: PathBuf,
    /// The template, `infra/template.yaml` unless a test says otherwise.
    pub template: PathBuf,
    /// Where it listens.
    pub ports: Ports,
    /// Parameters of the template by name, in the place of their defaults.
    pub parameters: BTreeMap<String, String>,
    /// Where functions find DynamoDB, when not at the laptop's own: tests count its calls there.
    pub dynamodb_for_functions: Option<String>,
    /// The name the issuer goes by in tokens.
    pub issuer: String,
    /// Whether queues, streams and schedules call their functions: a test that does so itself
    /// leaves them out.
    pub sources: bool,
}

impl Settings {
    /// The workspace's own cloud.
    pub fn new(root: &Path, ports: Ports) -> Self {
        let template = root.join("infra/template.yaml");
        Self {
            root: root.to_owned(),
            template,
            ports,
            parameters: BTreeMap::new(),
            dynamodb_for_functions: None,
            issuer: format!("{}/issuer", Ports::url(ports.web)),
            sources: true,
        }
    }

    /// Reads the template with the laptop's parameters.
    pub fn load_template(&self, state: &State) -> Result<Template> {
        let web = Ports::url(self.ports.web);
        let parameters = [
            ("StageName", STAGE.to_owned()),
            (
                "KeysSource",
                format!("file:{}", state.path("keys.json").display()),
            ),
            ("OidcIssuer", self.issuer.clone()),
            ("OidcAudience", AUDIENCE.to_owned()),
            ("OidcJwksUrl", format!("{web}/issuer/jwks")),
            ("AppellantIssuer", self.issuer.clone()),
            ("AppellantAudience", APPELLANTS.to_owned()),
            ("AppellantJwksUrl", format!("{web}/issuer/jwks")),
            ("NotifyEndpoint", format!("{web}/outbox")),
            (
                "LetterFonts",
                self.root.join("shared/letters/fonts").display().to_string(),
            ),
            // Pages in the making are served from some port of this machine.
            (
                "UploadOrigins",
                "http://localhost:*,http://127.0.0.1:*".to_owned(),
            ),
        ];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value));
        let mut parameters = BTreeMap::from(parameters);
        parameters.extend(self.parameters.clone());
        Template::load(&self.template, &parameters, &self.endpoints())
            .with_context(|| format!("cannot read {}", self.template.display()))
    }

    fn endpoints(&self) -> Endpoints {
        Endpoints::from(self.substrate_ports())
    }

    fn substrate_ports(&self) -> substrate::Ports {
        substrate::Ports {
            dynamodb: self.ports.dynamodb,
            s3: self.ports.s3,
            sqs: self.ports.sqs,
        }
    }

    fn expected(&self) -> Expected {
        Expected {
            issuer: self.issuer.clone(),
            audience: AUDIENCE.to_owned(),
        }
    }
}

/// A running cloud.
#[derive(Debug)]
pub struct Cloud {
    /// Its functions' processes.
    pub lambda: Arc<Lambda>,
    /// Its clock.
    pub clock: Clock,
    /// What the demonstration acts with.
    pub demo: demo::Context,
    substrate: Substrate,
    servers: JoinSet<()>,
    stop: watch::Sender<bool>,
    /// Last: the lock on the folder goes when everything else is gone.
    _state: State,
}

impl Cloud {
    /// Starts everything; returns when all of it listens. `binaries` maps crate names to
    /// bootstraps.
    pub async fn start(
        settings: &Settings,
        state: State,
        template: &Template,
        binaries: &BTreeMap<String, PathBuf>,
        spawner: &Spawner,
    ) -> Result<Self> {
        let ports = settings.ports;
        // All listeners first: a port in use is the likeliest trouble.
        let (public, console) = (listen(ports.public).await?, listen(ports.console).await?);
        let pages = listen(ports.web).await?;
        let clock = Clock::open(state.folder())?;
        let substrate = Substrate::start(
            template,
            state.folder(),
            settings.substrate_ports(),
            clock.clone(),
        )
        .await
        .context("cannot start the stores")?;
        let functions = template.functions().iter();
        let functions = functions.map(|spec| function(spec, settings, &state, &clock, binaries));
        let lambda = Arc::new(Lambda::new(functions.collect::<Result<_>>()?, spawner));
        let front = Front::open(settings, &state, clock, lambda)?;
        seed_once(settings, &state, template).await?;
        if settings.sources {
            substrate.spawn_sources(template, front.invoker());
        }

        let doors = front.doors(template)?;
        let routers = [
            (public, doors.0.clone()),
            (console, doors.1.clone()),
            (pages, front.pages(&state, doors)?),
        ];
        let (stop, servers) = serve_all(routers);
        state.note_ports(&ports)?;
        let Front {
            lambda,
            clock,
            keys,
            city,
            ..
        } = front;
        let client = Client::default();
        let demo = demo::Context {
            ports,
            keys,
            city,
            clock: clock.clone(),
            client,
        };
        Ok(Self {
            lambda,
            clock,
            demo,
            substrate,
            servers,
            stop,
            _state: state,
        })
    }

    /// Ends everything in order: doors, sources and stores, functions.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let drained = async { while self.servers.join_next().await.is_some() {} };
        // Requests in hand get a moment; connections kept open get none.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), drained).await;
        self.lambda.shutdown();
        self.substrate.shutdown().await;
    }
}

/// Loads the reference data on the first start: before any function reads and caches it.
async fn seed_once(settings: &Settings, state: &State, template: &Template) -> Result<()> {
    let done = state.path("reference-done");
    let mut functions = template.functions().iter();
    let table = functions.find_map(|function| function.environment.get("TICKETS_TABLE"));
    let (Some(table), false) = (table, done.exists()) else {
        return Ok(());
    };
    let endpoint = settings.endpoints().dynamodb;
    let data = ReferenceData::read(&settings.root, &settings.root.join("local/demo"))?;
    let client = crate::seed::dynamodb(&endpoint);
    data.write(client, table).await?;
    std::fs::write(&done, "the reference data is loaded\n")?;
    Ok(())
}

/// What the front doors and the pages are made of.
struct Front<'a> {
    settings: &'a Settings,
    keys: Keys,
    key: Arc<SigningKey>,
    city: City,
    clock: Clock,
    lambda: Arc<Lambda>,
}

impl<'a> Front<'a> {
    fn open(
        settings: &'a Settings,
        state: &State,
        clock: Clock,
        lambda: Arc<Lambda>,
    ) -> Result<Self> {
        let keys = Keys::open(&state.path("keys.json"))?;
        let key = Arc::new(SigningKey::open(&state.path("issuer.pk8"))?);
        let city = City::load(&settings.root.join("local/demo"))?;
        Ok(Self {
            settings,
            keys,
            key,
            city,
            clock,
            lambda,
        })
    }

    fn invoker(&self) -> Arc<dyn Invoke> {
        Arc::clone(&self.lambda) as Arc<dyn Invoke>
    }

    fn doors(&self, template: &Template) -> Result<(Router, Router)> {
        let (key, expected) = (Arc::clone(&self.key), self.settings.expected());
        let rest = self.door(template, "PublicApi", Kind::Rest)?;
        let http = self.door(template, "ConsoleApi", Kind::Http { key, expected })?;
        Ok((rest, http))
    }

    fn door(&self, template: &Template, api: &str, kind: Kind) -> Result<Router> {
        let stage = template.property(api, "StageName")?;
        let stage = stage.as_ref().and_then(serde_json::Value::as_str);
        Ok(gateway::router(Gateway {
            kind,
            stage: stage.unwrap_or("$default").to_owned(),
            routes: gateway::routes_of(template, api),
            throttle: Throttle::new(Plan::of(template, api)?),
            invoker: self.invoker(),
            clock: self.clock.clone(),
        }))
    }

    fn pages(&self, state: &State, doors: (Router, Router)) -> Result<Router> {
        let site = web::site::Site {
            folder: self.settings.root.join("web/dist"),
            policy: web::site::policy(&self.settings.root, &Ports::url(self.settings.ports.s3))?,
        };
        let web = Web {
            ports: self.settings.ports,
            openapi: self.settings.root.join("infra/openapi.yaml"),
            city: self.city.clone(),
            key: Arc::clone(&self.key),
            expected: self.settings.expected(),
            outbox: Outbox::open(&state.path("outbox"), &self.keys.webhook_secrets)?,
            clock: self.clock.clone(),
            lambda: Arc::clone(&self.lambda),
            codes: Codes::default(),
        };
        Ok(web::router(web, site, doors))
    }
}

async fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| {
            format!("port {port} is taken; another base: cargo run -- --port-base 4000")
        })
}

fn serve_all(routers: [(TcpListener, Router); 3]) -> (watch::Sender<bool>, JoinSet<()>) {
    let (stop, stopped) = watch::channel(false);
    let mut servers = JoinSet::new();
    for (listener, router) in routers {
        servers.spawn(serve(listener, router, stopped.clone()));
    }
    (stop, servers)
}

async fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let ended = axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        })
        .into_future()
        .await;
    if let Err(error) = ended {
        tracing::error!(%error, "a listener ended");
    }
}

fn function(
    spec: &FunctionSpec,
    settings: &Settings,
    state: &State,
    clock: &Clock,
    binaries: &BTreeMap<String, PathBuf>,
) -> Result<FunctionConfig> {
    let binary = binaries.get(&spec.crate_name);
    let binary = binary.with_context(|| format!("`{}` is not built", spec.crate_name))?;
    let mut environment: Vec<(String, String)> = spec
        .environment
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let Endpoints { dynamodb, s3, sqs } = settings.endpoints();
    let dynamodb = settings.dynamodb_for_functions.clone().unwrap_or(dynamodb);
    let added = [
        ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb),
        ("AWS_ENDPOINT_URL_S3", s3),
        ("AWS_ENDPOINT_URL_SQS", sqs),
        ("AWS_REGION", substrate::REGION.to_owned()),
        ("AWS_DEFAULT_REGION", substrate::REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", substrate::ACCESS_KEY_ID.to_owned()),
        (
            "AWS_SECRET_ACCESS_KEY",
            substrate::SECRET_ACCESS_KEY.to_owned(),
        ),
        ("CLOCK_FILE", clock.file().display().to_string()),
    ];
    environment.extend(added.map(|(name, value)| (name.to_owned(), value)));
    Ok(FunctionConfig {
        name: spec.logical_id.clone(),
        binary: binary.clone(),
        memory_mb: spec.memory_mb,
        timeout: spec.timeout,
        environment,
        log: state.path("logs").join(format!("{}.log", spec.crate_name)),
    })
}
