//! ONNX Runtime: found and loaded while we run, so that a machine without it still has calls.

use std::path::{Path, PathBuf};

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;
use parking_lot::Mutex;

use super::VisionError;

const LIBRARY: &str = "libonnxruntime.so";
/// Overrides the search, as it does for others who load the same library.
const LIBRARY_VARIABLE: &str = "ORT_DYLIB_PATH";

/// ONNX Runtime allows one environment per process and forbids a second one even after the first is gone.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// The loaded library. Cheap to clone.
#[derive(Clone)]
pub struct Runtime {
    environment: Environment,
}

/// Why there is no ONNX Runtime.
#[derive(Debug, thiserror::Error)]
#[error("ONNX Runtime is not available: {reason}; looked for {}", path.display())]
pub struct RuntimeError {
    path: PathBuf,
    reason: String,
}

impl Runtime {
    /// Loads `library`, or else what `ORT_DYLIB_PATH` names, or else the library beside the executable, in the `lib/` of
    /// a folder above it, or where the system looks. Once loaded, a process stays with its first library.
    ///
    /// # Errors
    /// If there is none, or if it is too old.
    pub fn open(library: Option<&Path>) -> Result<Self, RuntimeError> {
        let mut shared = ENVIRONMENT.lock();
        if let Some(environment) = &*shared {
            return Ok(Self { environment: environment.clone() });
        }
        let path = library.map(Path::to_path_buf).unwrap_or_else(find);
        let failed = |reason: String| RuntimeError { path: path.clone(), reason };
        let builder = ort::init_from(&path).map_err(|error| failed(error.to_string()))?;
        let environment =
            builder.with_name("moodcall").with_telemetry(false).build().map_err(|error| failed(error.to_string()))?;
        Ok(Self { environment: shared.insert(environment).clone() })
    }

    /// Makes a network ready to run on the calling thread alone.
    ///
    /// # Errors
    /// If the bytes are no network that the runtime knows.
    pub fn network(&self, name: &str, bytes: &[u8]) -> Result<Network, VisionError> {
        let failed = |error: ort::Error| VisionError::Network { model: name.to_owned(), reason: error.to_string() };
        let session = Session::builder(&self.environment)
            .and_then(|builder| Ok(builder.with_optimization_level(GraphOptimizationLevel::All)?))
            .and_then(|builder| Ok(builder.with_intra_threads(1)?))
            .and_then(|builder| Ok(builder.with_inter_threads(1)?))
            .and_then(|builder| Ok(builder.with_intra_op_spinning(false)?))
            .and_then(|builder| Ok(builder.with_inter_op_spinning(false)?))
            .and_then(|mut builder| builder.commit_from_memory(bytes))
            .map_err(failed)?;
        Ok(Network { name: name.to_owned(), session })
    }
}

/// Where the library lies if nobody says so.
fn find() -> PathBuf {
    if let Some(path) = std::env::var_os(LIBRARY_VARIABLE).filter(|path| !path.is_empty()) {
        return PathBuf::from(path);
    }
    let executable = std::env::current_exe().unwrap_or_default();
    let beside = executable.parent().map(|folder| folder.join(LIBRARY));
    let above = executable.ancestors().skip(1).map(|folder| folder.join("lib").join(LIBRARY));
    beside.into_iter().chain(above).find(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(LIBRARY))
}

/// One network and the memory that it runs in. Not shared: parts of the runtime are not safe to use from two threads.
pub struct Network {
    name: String,
    session: Session,
}

impl Network {
    /// The name in the manifest.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The shape of the first input; -1 is any.
    #[must_use]
    pub fn input_shape(&self) -> Vec<i64> {
        let shape = self.session.inputs().first().and_then(|input| input.dtype().tensor_shape());
        shape.map(|shape| shape.to_vec()).unwrap_or_default()
    }

    /// Runs the network on one input and shows each output, in the order of `outputs`, to `read`.
    ///
    /// # Errors
    /// If the runtime fails or an output is missing or no `f32` tensor.
    pub fn run<const N: usize>(
        &mut self,
        shape: [usize; 4],
        input: &[f32],
        outputs: [&str; N],
        read: impl FnOnce([&[f32]; N]),
    ) -> Result<(), VisionError> {
        let name = &self.name;
        let failed = |error: ort::Error| VisionError::Network { model: name.clone(), reason: error.to_string() };
        let tensor = TensorRef::from_array_view((shape, input)).map_err(failed)?;
        let results = self.session.run(ort::inputs![tensor]).map_err(failed)?;
        let mut slices: [&[f32]; N] = [&[]; N];
        for (slice, output) in slices.iter_mut().zip(outputs) {
            let value =
                results.get(output).ok_or_else(|| VisionError::Shape { model: name.clone(), what: "outputs" })?;
            *slice = value.try_extract_tensor::<f32>().map_err(failed)?.1;
        }
        read(slices);
        Ok(())
    }
}
