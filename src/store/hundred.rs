//! Looking up many things by their identifiers in one statement. Neither database takes a list as one value in the other's
//! words, so a statement has room for a hundred, and a shorter list is filled up with what is no identifier.

/// Things that are looked up at once.
pub const AT_ONCE: usize = 100;

/// The parameters `$1` to `$100`, for `IN`; [`filled`] has their values.
macro_rules! hundred {
    () => {
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
         $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
         $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, \
         $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77, $78, $79, $80, \
         $81, $82, $83, $84, $85, $86, $87, $88, $89, $90, $91, $92, $93, $94, $95, $96, $97, $98, $99, $100)"
    };
}
pub(crate) use hundred;

/// The values of `hundred!`: the first [`AT_ONCE`] of these identifiers, and empty texts.
pub fn filled(ids: impl IntoIterator<Item: ToString>) -> impl Iterator<Item = String> {
    let ids = ids.into_iter().map(|id| id.to_string());
    ids.chain(std::iter::repeat(String::new())).take(AT_ONCE)
}
